import { circular, sineAndCosine } from "../../tensor/circular.js";
import { decay, decayed, logOnePlus } from "../../tensor/exponential.js";
import { densityOf, distributionOf, gaussian } from "../../tensor/special.js";
import { wasmTanh } from "../../tensor/wasm-tanh.js";

/** The activations that may be named; `activationNames` lists them. */
export type ActivationName = "tanh" | "sigmoid" | "softplus" | "silu" | "gelu" | "sin" | "identity";

/** How many derivatives of an activation are wanted. */
export type Order = 0 | 1 | 2 | 3;

/**
 * Replaces every z by φ(z), and writes φ′, φ″ and φ‴ as far as `order` goes, in one pass: what is beyond may be empty. Of the
 * length of `z`.
 */
export type Jets = (
  z: Float64Array,
  first: Float64Array,
  second: Float64Array,
  third: Float64Array,
  order: Order,
) => void;

/** σ, σ′ and 1 − 2σ at the z that `logistic` was last called for. */
let sigma = 0;
let slope = 0;
let skew = 0;

/** From q = e^(−|z|) and 1 − q, so that nothing cancels in the tails. */
function logistic(z: number): void {
  decay(Math.abs(z));
  const q = decayed[0];
  const sum = 1 + q;
  sigma = (z >= 0 ? 1 : q) / sum;
  slope = q / (sum * sum);
  skew = (z >= 0 ? -decayed[1] : decayed[1]) / sum;
}

/** Numbers that take less time than their way into a kernel's memory and back. */
const FEW = 64;

function plainTanh(z: Float64Array, first: Float64Array): void {
  for (let at = 0; at < z.length; at++) {
    const point = z[at];
    decay(2 * Math.abs(point));
    const q = decayed[0];
    const sum = 1 + q;
    z[at] = (point >= 0 ? decayed[1] : -decayed[1]) / sum;
    if (first.length > 0) first[at] = (4 * q) / (sum * sum); // 1 − tanh², which would cancel
  }
}

export const jets: Readonly<Record<ActivationName, Jets>> = {
  tanh(z, first, second, third, order) {
    const tanh = (z.length < FEW ? undefined : wasmTanh()) ?? plainTanh;
    tanh(z, first);
    if (order < 2) return;
    for (let at = 0; at < z.length; at++) {
      const t = z[at];
      const t1 = first[at];
      second[at] = -2 * t * t1;
      if (order > 2) third[at] = t1 * (4 * t * t - 2 * t1);
    }
  },
  sigmoid(z, first, second, third, order) {
    for (let at = 0; at < z.length; at++) {
      logistic(z[at]);
      z[at] = sigma;
      if (order > 0) first[at] = slope;
      if (order > 1) second[at] = slope * skew;
      if (order > 2) third[at] = slope * (skew * skew - 2 * slope);
    }
  },
  softplus(z, first, second, third, order) {
    for (let at = 0; at < z.length; at++) {
      const point = z[at];
      logistic(point);
      z[at] = (point > 0 ? point : 0) + logOnePlus(decayed[0]);
      if (order > 0) first[at] = sigma;
      if (order > 1) second[at] = slope;
      if (order > 2) third[at] = slope * skew;
    }
  },
  silu(z, first, second, third, order) {
    for (let at = 0; at < z.length; at++) {
      const point = z[at];
      logistic(point);
      z[at] = point * sigma;
      if (order > 0) first[at] = sigma + point * slope;
      if (order > 1) second[at] = slope * (2 + point * skew);
      if (order > 2) third[at] = slope * (3 * skew + point * (skew * skew - 2 * slope));
    }
  },
  gelu(z, first, second, third, order) {
    for (let at = 0; at < z.length; at++) {
      const point = z[at];
      const bell = gaussian(point);
      const density = densityOf(bell);
      const distribution = distributionOf(point, bell);
      z[at] = point * distribution;
      if (order > 0) first[at] = distribution + point * density;
      if (order < 2) continue;
      // Where the density is 0, the square of z must not be infinite.
      const near = Math.min(Math.max(point, -1e100), 1e100);
      second[at] = density * (2 - near * near);
      if (order > 2) third[at] = density * near * (near * near - 4);
    }
  },
  sin(z, first, second, third, order) {
    for (let at = 0; at < z.length; at++) {
      sineAndCosine(z[at]);
      z[at] = circular[0];
      if (order > 0) first[at] = circular[1];
      if (order > 1) second[at] = -circular[0];
      if (order > 2) third[at] = -circular[1];
    }
  },
  identity(_z, first, second, third, order) {
    if (order > 0) first.fill(1);
    if (order > 1) second.fill(0);
    if (order > 2) third.fill(0);
  },
};
