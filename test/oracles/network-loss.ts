// Independent: plain loops over single numbers, written from the definition of the network and of each loss with
// Math.exp and Math.log. It shares no kernel, no batch preparation and no stable reformulation with the engine, and
// is meant for moderate arguments only.

import type { ActivationName, LossName, ThreeLayerNet } from "../../src/index.js";
import { distributionOracle } from "./normal-distribution.js";

/** Rows of features, rows of targets (class indices spelled out as one-hot rows), weights. */
export interface PlainBatch {
  readonly x: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

export const plainActivation: { readonly [Name in ActivationName]: (z: number) => number } = {
  tanh: (z) => 1 - 2 / (Math.exp(2 * z) + 1),
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  softplus: (z) => Math.log(1 + Math.exp(z)),
  silu: (z) => z / (1 + Math.exp(-z)),
  gelu: (z) => z * distributionOracle(z),
  sin: (z) => Math.sin(z),
  identity: (z) => z,
};

const sum = (terms: readonly number[]): number => terms.reduce((total, term) => total + term, 0);

/** ℓ(u, y) of one sample, up to no constant: exactly what the engine documents. */
export const plainLoss: { readonly [Name in LossName]: (u: number[], y: readonly number[]) => number } = {
  "softmax-cross-entropy": (u, y) => Math.log(sum(u.map(Math.exp))) - sum(u.map((uk, k) => y[k] * uk)),
  "sigmoid-cross-entropy": (u, y) =>
    -sum(
      u.map(
        (uk, k) => y[k] * Math.log(1 / (1 + Math.exp(-uk))) + (1 - y[k]) * Math.log(1 / (1 + Math.exp(uk))),
      ),
    ),
  "mean-squared-error": (u, y) => 0.5 * sum(u.map((uk, k) => (uk - y[k]) * (uk - y[k]))),
  poisson: (u, y) => sum(u.map((uk, k) => Math.exp(uk) - y[k] * uk)),
};

/** The logits u of one sample; theta is read in the order W1, b1, W2, b2. */
export function plainLogits(net: ThreeLayerNet, theta: Float64Array, x: readonly number[]): number[] {
  const { inputs: d, hidden: h, outputs: K, bias } = net;
  const phi = plainActivation[net.activation as ActivationName];
  const w2 = h * d + (bias ? h : 0);
  const a: number[] = [];
  for (let m = 0; m < h; m++) {
    let z = bias ? theta[h * d + m] : 0;
    for (let c = 0; c < d; c++) z += theta[m * d + c] * x[c];
    a.push(phi(z));
  }
  const u: number[] = [];
  for (let k = 0; k < K; k++) {
    let value = bias ? theta[w2 + K * h + k] : 0;
    for (let m = 0; m < h; m++) value += theta[w2 + k * h + m] * a[m];
    u.push(value);
  }
  return u;
}

/** Σ ω_i ℓ(u_i, y_i). */
export function plainNetworkLoss(net: ThreeLayerNet, theta: Float64Array, batch: PlainBatch): number {
  const loss = plainLoss[net.loss as LossName];
  return sum(batch.x.map((x, i) => batch.weights[i] * loss(plainLogits(net, theta, x), batch.targets[i])));
}
