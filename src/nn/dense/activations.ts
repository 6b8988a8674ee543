import { ArgumentError, describe, inCallback, requireFunction, requireOneOf } from "../../errors.js";
import { normalDensity, normalDistribution } from "../../tensor/special.js";

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

export type ActivationName = "tanh" | "sigmoid" | "softplus" | "silu" | "gelu" | "sin" | "identity";

/** An activation by its name, or one of the caller's own. */
export type ActivationChoice = ActivationName | Activation;

/** σ(z), σ′, σ″, σ‴, from e^(−|z|), so that nothing cancels in the tails. */
function sigmoidJet(z: number, out: ActivationJet): void {
  const q = Math.exp(-Math.abs(z));
  const s = z >= 0 ? 1 / (1 + q) : q / (1 + q);
  const s1 = q / ((1 + q) * (1 + q));
  const skew = -Math.tanh(0.5 * z); // 1 − 2σ
  out[0] = s;
  out[1] = s1;
  out[2] = s1 * skew;
  out[3] = s1 * (skew * skew - 2 * s1);
}

const table: { readonly [Name in ActivationName]: Activation["jet"] } = {
  tanh(z, out) {
    const t = Math.tanh(z);
    const q = Math.exp(-2 * Math.abs(z));
    const t1 = (4 * q) / ((1 + q) * (1 + q)); // 1 − tanh², which would cancel
    out[0] = t;
    out[1] = t1;
    out[2] = -2 * t * t1;
    out[3] = t1 * (4 * t * t - 2 * t1);
  },
  sigmoid: sigmoidJet,
  softplus(z, out) {
    sigmoidJet(z, out);
    out[3] = out[2];
    out[2] = out[1];
    out[1] = out[0];
    out[0] = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  },
  silu(z, out) {
    sigmoidJet(z, out);
    const [s, s1, s2, s3] = out;
    out[0] = z * s;
    out[1] = s + z * s1;
    out[2] = 2 * s1 + z * s2;
    out[3] = 3 * s2 + z * s3;
  },
  gelu(z, out) {
    const density = normalDensity(z);
    const distribution = normalDistribution(z);
    // Where the density is 0, the square of z must not be infinite.
    const near = Math.min(Math.max(z, -1e100), 1e100);
    out[0] = z * distribution;
    out[1] = distribution + z * density;
    out[2] = density * (2 - near * near);
    out[3] = density * near * (near * near - 4);
  },
  sin(z, out) {
    const s = Math.sin(z);
    const c = Math.cos(z);
    out[0] = s;
    out[1] = c;
    out[2] = -s;
    out[3] = -c;
  },
  identity(z, out) {
    out[0] = z;
    out[1] = 1;
    out[2] = 0;
    out[3] = 0;
  },
};

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
