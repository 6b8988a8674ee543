import { type Factors, triangleParts } from "../hessian/factors.js";

/** t_i = tr H_i of each tap's own block, added to row i of `out` (N × L). */
export function addTraces({ taps, count, rows, curvature }: Factors, out: Float64Array): void {
  taps.forEach((_, l) => {
    const [, diagonal] = triangleParts(curvature[l][l]);
    for (let i = 0; i < count; i++) {
      let trace = 0;
      for (let p = 0; p < diagonal.width; p++)
        trace += diagonal.data[i * diagonal.step + (diagonal.places as Int32Array)[p]];
      out[i * taps.length + l] += trace * squaredNorm(rows[l].data, i * rows[l].step, rows[l].width);
    }
  });
}

/** Adds to the factors' adjoints the derivative of Σ_i ω_i tr H_i, sample i's times `scales[i]` (N). */
export function pullBackTraces(
  { taps, count, weights, rows, curvature }: Factors,
  scales: Float64Array,
): void {
  taps.forEach((_, l) => {
    const [, diagonal] = triangleParts(curvature[l][l]);
    const places = diagonal.places as Int32Array;
    const { data, adjoint, step, width } = rows[l];
    for (let i = 0; i < count; i++) {
      const own = i * diagonal.step;
      const slope = scales[i] * weights[i] * squaredNorm(data, i * step, width);
      let trace = 0;
      for (let p = 0; p < diagonal.width; p++) {
        trace += diagonal.data[own + places[p]];
        diagonal.adjoint[own + places[p]] += slope;
      }
      if (l === 0) continue;
      const pull = 2 * scales[i] * weights[i] * trace;
      for (let r = i * step; r < i * step + width; r++) adjoint[r] += pull * data[r];
    }
  });
}

function squaredNorm(data: Float64Array, from: number, width: number): number {
  let sum = 0;
  for (let at = from; at < from + width; at++) sum += data[at] * data[at];
  return sum;
}
