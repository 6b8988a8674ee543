import { requireOneOf } from "../../errors.js";
import { normalDensity, normalDistribution } from "../../tensor/special.js";

/** φ, φ′, φ″ and φ‴ at one point. */
export type ActivationJet = Float64Array;

/** A smooth activation function with its first three derivatives, accurate for |z| up to 700. */
export interface Activation {
  readonly name: ActivationName;
  /** Writes φ(z), φ′(z), φ″(z), φ‴(z) to `out` (4). */
  jet(z: number, out: ActivationJet): void;
}

export type ActivationName = "tanh" | "sigmoid" | "softplus" | "silu" | "gelu" | "sin" | "identity";

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
    out[0] = z * distribution;
    out[1] = distribution + z * density;
    out[2] = density * (2 - z * z);
    out[3] = density * z * (z * z - 4);
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

/** The activations a network can be made with. */
export const activationNames = Object.keys(table) as readonly ActivationName[];

/**
 * The activation of that name.
 * @throws ArgumentError for an unknown one, and for "relu", whose second derivative does not exist at 0
 */
export function activation(name: ActivationName): Activation {
  const next =
    (name as string) === "relu"
      ? "the closed form needs three derivatives, which relu does not have at 0; softplus, silu and gelu are its smooth relatives, and sequential takes it, without closed forms"
      : undefined;
  return { name, jet: table[requireOneOf("activation", name, activationNames, next)] };
}
