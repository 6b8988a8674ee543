import {
  type Batch,
  explainBound,
  hessianOperator,
  hessianVectorProduct,
  lanczos,
  lossAndGradient,
  type Network,
  selectSamples,
  spectralMoments,
  wsBounds,
} from "flatward";
import { dot, norm } from "flatward/tensor";
import { countOf } from "../../experiment/measures/evaluation.js";

/** What samples may be ranked by. */
export const scoreLabels = {
  share: "share of B",
  eigenvalue: "influence on λ_max",
  loss: "loss",
  gradient: "gradient norm",
} as const;

export type Score = keyof typeof scoreLabels;
export const scores = Object.keys(scoreLabels) as Score[];

/** Every score of every sample: the larger, the more it makes the minimum sharp, or the worse it is fitted. */
export function scoresOf(net: Network, theta: Float64Array, batch: Batch): Record<Score, Float64Array> {
  const count = countOf(batch);
  const v = topOf(net, theta, batch).vector;
  const out = {
    share: explainBound(net, theta, batch, { pairs: false }).shares.samples,
    eigenvalue: new Float64Array(count),
    loss: new Float64Array(count),
    gradient: new Float64Array(count),
  };
  for (let i = 0; i < count; i++) {
    const alone = selectSamples(batch, [i]);
    const { loss, gradient } = lossAndGradient(net, theta, alone);
    out.loss[i] = loss;
    out.gradient[i] = norm(gradient);
    out.eigenvalue[i] = dot(v, hessianVectorProduct(net, theta, alone, v));
  }
  return out;
}

/** λ_max and its eigenvector. */
export function topOf(
  net: Network,
  theta: Float64Array,
  batch: Batch,
): { readonly value: number; readonly vector: Float64Array } {
  const { values, vectors } = lanczos(hessianOperator(net, theta, batch), { seed: 1, certify: false });
  return { value: values[0], vector: vectors.data };
}

/** B. */
export function boundOf(net: Network, theta: Float64Array, batch: Batch): number {
  return wsBounds(spectralMoments(net, theta, batch)).largest.upper;
}

/** Positions of the k largest. */
export function largest(values: Float64Array, k: number): number[] {
  return [...values.keys()].sort((a, b) => values[b] - values[a] || a - b).slice(0, k);
}
