import { ArgumentError, describe, inCallback, requireFunction, requireOneOf } from "../../errors.js";
import { type ActivationName, type Jets, jets } from "./jets.js";

/** φ, φ′, φ″ and φ‴ at one point. */
export type ActivationJet = Float64Array;

/**
 * A smooth activation function with its first three derivatives. Those that have a name here are accurate for |z| up to
 * 700; one of your own is passed where a name is, and `checkActivation` compares its derivatives with differences.
 */
export interface Activation {
  readonly name: string;
  /** Writes φ(z), φ′(z), φ″(z), φ‴(z) to `out` (4). */
  jet(z: number, out: ActivationJet): void;
}

export type { ActivationName };

/** An activation by its name, or one of the caller's own. */
export type ActivationChoice = ActivationName | Activation;

/** Where a jet is that of one of the table below, the same for many points at once. */
const wholesale = new WeakMap<Activation["jet"], Jets>();

const table = Object.fromEntries(
  Object.entries(jets).map(([name, ofMany]) => {
    const [z, first, second, third] = Array.from({ length: 4 }, () => new Float64Array(1));
    const jet: Activation["jet"] = (at, out) => {
      z[0] = at;
      ofMany(z, first, second, third, 3);
      out[0] = z[0];
      out[1] = first[0];
      out[2] = second[0];
      out[3] = third[0];
    };
    wholesale.set(jet, ofMany);
    return [name, jet];
  }),
) as { readonly [Name in ActivationName]: Activation["jet"] };

/** The jets of many points, however an activation computes one. */
export function jetsOf({ jet }: Pick<Activation, "jet">): Jets {
  return wholesale.get(jet) ?? oneByOne(jet);
}

function oneByOne(jet: Activation["jet"]): Jets {
  const out = new Float64Array(4);
  return (z, first, second, third, order) => {
    for (let at = 0; at < z.length; at++) {
      jet(z[at], out);
      z[at] = out[0];
      if (order > 0) first[at] = out[1];
      if (order > 1) second[at] = out[2];
      if (order > 2) third[at] = out[3];
    }
  };
}

/** max(z, 0) with the derivatives of its two pieces, 0 at 0: all that is asked of its chains is what the first gives. */
export const relu: Activation = Object.freeze({
  name: "relu",
  jet(z: number, out: ActivationJet) {
    out[0] = Math.max(z, 0);
    out[1] = z > 0 ? 1 : 0;
    out[2] = 0;
    out[3] = 0;
  },
});

/** The activations a network can be made with. */
export const activationNames = Object.keys(table) as readonly ActivationName[];

/**
 * The activation of that name, or the caller's own.
 * @throws ArgumentError for an unknown one, for "relu", whose second derivative does not exist at 0, and for one of the
 * caller's whose jet does not write all four
 */
export function activation(given: ActivationChoice): Activation {
  if (given !== null && typeof given === "object") return ownActivation(given);
  const next =
    (given as string) === "relu"
      ? "the closed form needs three derivatives, which relu does not have at 0; softplus, silu and gelu are its smooth relatives, and sequential takes it, without closed forms"
      : undefined;
  return { name: given, jet: table[requireOneOf("activation", given, activationNames, next)] };
}

/** Activations that were found complete. */
const complete = new WeakSet<Activation>();

function ownActivation(given: Activation): Activation {
  if (complete.has(given)) return given;
  const next = "an activation of your own is { name, jet(z, out) }";
  if (typeof given.name !== "string")
    throw new ArgumentError({ expected: "activation.name to be a string", got: describe(given.name), next });
  requireFunction("activation.jet", given.jet, next);
  const out = new Float64Array(4).fill(Number.NaN);
  inCallback(() => given.jet(0.5, out));
  if (!out.every(Number.isFinite))
    throw new ArgumentError({
      expected: `${given.name} to write φ, φ′, φ″ and φ‴`,
      got: `[${out}] at 0.5`,
      next,
    });
  complete.add(given);
  return given;
}
