import type { Factors, SampleVectors } from "../../hessian/factors.js";
import { squaredNorm } from "../../tensor/reduce.js";

/** t_i = tr H_i of each tap's own block, added to row `from` + i of `out` (N × L). */
export function addTraces({ taps, count, rows, curvature }: Factors, out: Float64Array, from: number): void {
  for (let l = 0; l < taps.length; l++) {
    const { data, step } = curvature[l][l];
    const { data: inputs, step: inputStep, width } = rows[l];
    const next = diagonalStep(curvature[l][l], count);
    for (let i = 0; i < count; i++) {
      let trace = 0;
      for (let p = 0, at = i * step; p < step; p++, at += next) trace += data[at];
      out[(from + i) * taps.length + l] += trace * squaredNorm(inputs, i * inputStep, width);
    }
  }
}

/** tr H_i (N) from those of each tap's own block, N × L. */
export function totalTraces(byTap: Float64Array, count: number): Float64Array {
  const taps = byTap.length / count;
  const totals = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++) for (let l = 0; l < taps; l++, at++) totals[i] += byTap[at];
  return totals;
}

/** Adds to the factors' adjoints the derivative of Σ_i ω_i tr H_i, sample i's times `scales[from + i]`. */
export function pullBackTraces(
  { taps, count, weights, rows, curvature }: Factors,
  scales: Float64Array,
  from: number,
): void {
  for (let l = 0; l < taps.length; l++) {
    const own = curvature[l][l];
    const next = diagonalStep(own, count);
    const { data, adjoint, step, width } = rows[l];
    for (let i = 0; i < count; i++) {
      const slope = scales[from + i] * weights[i] * squaredNorm(data, i * step, width);
      let trace = 0;
      for (let p = 0, at = i * own.step; p < own.step; p++, at += next) {
        trace += own.data[at];
        own.adjoint[at] += slope;
      }
      if (l === 0) continue;
      const pull = 2 * scales[from + i] * weights[i] * trace;
      for (let r = i * step; r < i * step + width; r++) adjoint[r] += pull * data[r];
    }
  }
}

/** From one entry on the diagonal to the next: a column of every sample, and a row. */
const diagonalStep = ({ step }: SampleVectors, count: number): number => count * step + 1;
