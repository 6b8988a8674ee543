import { ArgumentError, describe, requireInteger, requireNumber, requireOneOf } from "../errors.js";
import type { Network } from "../nn/network.js";
import { checkStrength, type PenaltyOptions } from "../optim/penalized.js";
import { requireOptions } from "../options.js";
import { isEstimated, type MethodOptions } from "./estimates/method.js";
import type { DirectionScaling } from "./forms.js";
import { checkRoute, type Route, type RouteOptions } from "./route.js";
import { checkEstimator, checkSamples, type Estimator } from "./sampling.js";

/** How the bound enters: as a term of the sum, as a direction of fixed length, or on steps of its own. */
export type HsrForm = "added" | "unit-direction" | "alternating";

/** How strongly `hsrObjective` lowers the bound, in which form, and at what cost. */
export interface HsrOptions extends RouteOptions, Pick<MethodOptions, "method">, PenaltyOptions {
  /** Weight of the bound, or length of its direction, ≥ 0. 0 is the plain loss, but for the steps of "alternating". */
  readonly strength: number;
  /** Default "added". */
  readonly form?: HsrForm | undefined;
  /** Of "unit-direction" alone: what the direction's length is relative to. Default "none": 1. */
  readonly scaling?: DirectionScaling | undefined;
  /** Of "alternating" alone: every so many steps, ≥ 2, one descends the bound. Default 2. */
  readonly period?: number | undefined;
  /** Of "added" alone: the longest that the bound's part of the gradient may be, in lengths of ∇L, > 0. Default: any. */
  readonly clip?: number | undefined;
  /** For how many steps ∇B is held, ≥ 1; not of "alternating". Default 1: every evaluation has its own. */
  readonly every?: number | undefined;
  /**
   * From about how many samples of a step, ≥ 2, B and ∇B are computed; they are drawn by their curvature. Default "all".
   * With method "estimate": how many random vectors, ≥ 2, default 10.
   */
  readonly samples?: number | "all" | undefined;
  /** Samples of a step, in mini-batches as `minibatches` has them. Default: all, in every step. */
  readonly batchSize?: number | undefined;
  /** Of mini-batches, drawn samples and random vectors, an integer ≥ 0. Default 0. */
  readonly seed?: number | undefined;
  /** Of the closed form: "unbiased" is for the bound of all samples, "plain" for that of a step's. Default "plain". */
  readonly estimator?: Estimator | undefined;
}

const forms: readonly HsrForm[] = ["added", "unit-direction", "alternating"];
const scalings: readonly DirectionScaling[] = ["none", "loss-gradient"];

const names = [
  "strength",
  "route",
  "form",
  "scaling",
  "period",
  "clip",
  "every",
  "samples",
  "batchSize",
  "seed",
  "estimator",
  "method",
] as const;

/** Options of one method or the other, defaults filled in. */
export interface CheckedHsrOptions {
  readonly strength: number;
  readonly form: HsrForm;
  readonly scaling: DirectionScaling;
  readonly period: number;
  readonly clip: number | undefined;
  readonly every: number;
  readonly batchSize: number | undefined;
  readonly seed: number;
  readonly bound:
    | { readonly method: "closed-form"; samples: number | "all"; estimator: Estimator; route: Route }
    | { readonly method: "estimate"; samples: number | undefined };
}

/** @throws ArgumentError */
export function checkHsrOptions(net: Network, options: HsrOptions): CheckedHsrOptions {
  requireOptions(options, names, "at least { strength }");
  const strength = checkStrength(options);
  const { form = "added", scaling = "none", period = 2, clip, every = 1, seed = 0 } = options;
  requireOneOf("form", form, forms);
  refuseForeign("scaling", options.scaling, form, ["unit-direction"]);
  refuseForeign("period", options.period, form, ["alternating"]);
  refuseForeign("every", options.every, form, ["added", "unit-direction"]);
  requireOneOf("scaling", scaling, scalings);
  requireInteger("period", period, 2, "1 would leave the loss no step");
  refuseForeign("clip", options.clip, form, ["added"]);
  if (clip !== undefined) requireNumber("clip", clip, { above: 0 });
  requireInteger("every", every, 1);
  requireInteger("seed", seed, 0);
  return {
    strength,
    form,
    scaling,
    period,
    clip,
    every,
    seed,
    batchSize: options.batchSize,
    bound: boundOf(net, options),
  };
}

function boundOf(net: Network, options: HsrOptions): CheckedHsrOptions["bound"] {
  const { method, samples } = options;
  const { estimator: given, route: wanted } = options;
  if (isEstimated(net, { method, estimator: given, route: wanted }, "hsrObjective(net, batch, { strength,")) {
    // Checked with the other options of probes.
    return { method: "estimate", samples: samples as number | undefined };
  }
  const route = checkRoute(wanted);
  const estimator = checkEstimator(given, route);
  if (estimator === "unbiased") requireInteger("net.size", net.size, 2, "one eigenvalue is its own trace");
  return { method: "closed-form", samples: checkSamples(samples), estimator, route };
}

function refuseForeign(name: string, option: unknown, form: HsrForm, owners: readonly HsrForm[]): void {
  if (option === undefined || owners.includes(form)) return;
  throw new ArgumentError({
    expected: `no ${name} with form "${form}"`,
    got: describe(option),
    next: `it belongs to form: ${owners.map((owner) => `"${owner}"`).join(" or ")}`,
  });
}
