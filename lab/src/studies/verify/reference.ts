import type { ActivationName, LossName, Tensor } from "flatward";
import * as ad from "flatward/autodiff";
import type { Problem } from "./problem.js";

// The same quantities once more: derivatives by automatic differentiation, from the definitions of network and loss
// alone, and the bounds from eigenvalues, as the theorems state them.

const activations: Readonly<Record<ActivationName, (z: ad.Value) => ad.Value>> = {
  tanh: ad.tanh,
  sigmoid: ad.sigmoid,
  softplus: ad.softplus,
  silu: ad.silu,
  gelu: ad.gelu,
  sin: ad.sin,
  identity: (z) => z,
};

/** Losses of all samples, (N), from logits and targets (N,K). */
const losses: Readonly<Record<LossName, (u: ad.Value, y: Tensor) => ad.Value>> = {
  "softmax-cross-entropy": (u, y) => ad.neg(ad.sum(ad.mul(y, ad.logSoftmax(u)), { axes: 1 })),
  "sigmoid-cross-entropy": (u, y) => ad.sum(ad.sub(ad.softplus(u), ad.mul(y, u)), { axes: 1 }),
  "mean-squared-error": (u, y) => ad.mul(0.5, ad.sum(ad.square(ad.sub(u, y)), { axes: 1 })),
  poisson: (u, y) => ad.sum(ad.sub(ad.exp(u), ad.mul(y, u)), { axes: 1 }),
};

/** The loss as a function of flat theta. */
export function lossOf({ net, batch }: Problem): (theta: ad.Value) => ad.Value {
  return (theta) => {
    const block = (name: string): ad.Value | undefined => {
      const found = net.layout.find((each) => each.name === name);
      if (found === undefined) return undefined;
      const size = found.shape.reduce((product, extent) => product * extent, 1);
      return ad.reshape(ad.slice(theta, [found.offset], [found.offset + size]), found.shape);
    };
    const layer = (input: ad.Operand, l: number): ad.Value => {
      const product = ad.matmul(input, block(`W${l}`) as ad.Value, { transposeB: true });
      const shift = block(`b${l}`);
      return shift === undefined ? product : ad.add(product, shift);
    };
    const hidden = net.activations.reduce<ad.Operand>(
      (input, name, l) => activations[name as ActivationName](layer(input, l + 1)),
      batch.x as Tensor,
    );
    const logits = layer(hidden, net.activations.length + 1);
    return ad.dot(losses[net.loss as LossName](logits, batch.y as Tensor), batch.weights);
  };
}

/** The WS upper bound as a function of flat theta, through the whole Hessian: its gradient is a third derivative. */
export function wsBoundOf(problem: Problem): (theta: ad.Value) => ad.Value {
  const n = problem.net.size;
  const hessian = ad.hessian(lossOf(problem));
  const diagonal = Array.from({ length: n }, (_, i) => i * n + i);
  return (theta) => {
    const entries = ad.reshape(hessian(theta), [n * n, 1]);
    const mean = ad.mean(ad.gather(entries, diagonal));
    const variance = ad.sub(ad.div(ad.sum(ad.square(entries)), n), ad.square(mean));
    return ad.add(mean, ad.mul(ad.sqrt(variance), Math.sqrt(n - 1)));
  };
}

/**
 * The Wolkowicz–Styan bounds of a spectrum, written down from the theorems: on λ_max, λ_min and their difference, then on
 * λ_k for k = 1 … n, each as lower and upper.
 */
export function boundsOfSpectrum(eigenvalues: Float64Array): number[] {
  const n = eigenvalues.length;
  const m = eigenvalues.reduce((sum, value) => sum + value, 0) / n;
  // As a mean of squared deviations, which does not cancel.
  const s = Math.sqrt(eigenvalues.reduce((sum, value) => sum + (value - m) * (value - m), 0) / n);
  const p = Math.sqrt(n - 1);
  const largest = [m + s / p, m + s * p];
  const smallest = [m - s * p, m - s / p];
  const spread = [n % 2 === 0 ? 2 * s : (2 * s) / Math.sqrt(1 - 1 / (n * n)), Math.sqrt(2 * n) * s];
  const inner = Array.from({ length: n - 2 }, (_, i) => {
    const k = i + 2;
    return [m - s * Math.sqrt((k - 1) / (n - k + 1)), m + s * Math.sqrt((n - k) / k)];
  });
  return [largest, smallest, spread, largest, ...inner, smallest].flat();
}
