import { ArgumentError, describe, requireInteger, requireOneOf } from "../../errors.js";
import { requireNetwork } from "../../nn/batches.js";
import type { Network } from "../../nn/network.js";

/** Where tr H and tr H² come from: exactly from a network's closed form, or estimated from products H·v with random vectors. */
export type MomentMethod = "closed-form" | "estimate";

const methods: readonly MomentMethod[] = ["closed-form", "estimate"];

/** Options of "closed-form" alone. */
const closedFormOptions = ["route", "estimator", "population"] as const;

/** The names of what follows. */
export const methodOptions = ["method", "samples", "seed"] as const;

/** Closed form or estimate, and of an estimate how many random vectors, and their seed. */
export interface MethodOptions {
  /** Default "closed-form", which a network must have; "estimate" takes every network. */
  readonly method?: MomentMethod | undefined;
  /** Of "estimate" alone: random vectors, ≥ 2. Default 100, of objectives 10 a step. */
  readonly samples?: number | undefined;
  /** Of "estimate" alone: seed of the random vectors, an integer ≥ 0. Default 0. */
  readonly seed?: number | undefined;
}

/** The options of an estimate, checked. @throws ArgumentError */
export function probeOptions(
  { samples, seed }: MethodOptions,
  defaultSamples: number,
): { readonly samples: number; readonly seed: number } {
  return {
    samples: requireInteger("samples", samples ?? defaultSamples, 2, "one sample has no standard error"),
    seed: requireInteger("seed", seed ?? 0, 0),
  };
}

/**
 * Whether to estimate.
 * @param call its beginning, for the error that says how every network is taken
 * @throws ArgumentError for an unknown method, a network without a closed form, or options of another method
 */
export function isEstimated(
  net: Network,
  options: (MethodOptions & Partial<Record<(typeof closedFormOptions)[number], unknown>>) | null | undefined,
  call: string,
): boolean {
  requireNetwork(net);
  const { method: given = "closed-form", ...others } = options ?? {};
  const method = requireOneOf("method", given, methods);
  if (method === "closed-form" && !net.closedForm && !net.tapped) {
    throw new ArgumentError({
      expected: "a network with a closed form",
      got: "one that is differentiated automatically",
      next: `${call} method: "estimate", samples, seed }) takes every network`,
    });
  }
  for (const name of method === "estimate" ? closedFormOptions : (["samples", "seed"] as const)) {
    if (others[name] === undefined) continue;
    throw new ArgumentError({
      expected: `no ${name} with method "${method}"`,
      got: describe(others[name]),
      next: `it belongs to method: "${methods.find((each) => each !== method)}"`,
    });
  }
  return method === "estimate";
}
