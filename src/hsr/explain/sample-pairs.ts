import type { PairTile } from "../contraction/tile-contraction.js";
import type { Classes } from "./classes.js";
import { createLargest, type PairShare } from "./largest.js";

/** Sums of ω_i ω_j ⟨H_i, H_j⟩ over pairs of samples that are seen tile by tile. */
export interface SamplePairs {
  /** ‖H_i‖² (N). */
  readonly self: Float64Array;
  /** Σ_j ω_j ⟨H_i, H_j⟩ of a sample of weight 0. */
  withAll(i: number): number;
  /** Over different samples by their classes (C × C), each pair on either side. */
  classes(): Float64Array;
  visit(tile: PairTile): void;
  /** The largest of different samples, each with its mirror image. */
  largest(): PairShare[];
}

/** @param classes without them, all samples are of one @param keep number of pairs to be told */
export function createSamplePairs(
  weights: Float64Array,
  classes: Classes = { of: new Int32Array(weights.length), count: 1 },
  keep: number,
): SamplePairs {
  const { of, count } = classes;
  const samples = weights.length;
  const self = new Float64Array(samples);
  // Σ ω_i ⟨H_i, H_j⟩ over the i of a class that come before j (C × N): sums with no other's result to wait for.
  const earlier = new Float64Array(count * samples);
  /** Σ ω_j ⟨H_i, H_j⟩ over the j after a sample i of weight 0. */
  const later = new Float64Array(weights.includes(0) ? samples : 0);
  const heap = createLargest(keep);
  /** ω_j |⟨H_i, H_j⟩| from which on a pair is told. */
  const limitOf = (weight: number) => heap.floor() / (2 * weight);

  return {
    self,
    withAll(i) {
      let sum = later[i];
      for (let at = i; at < earlier.length; at += samples) sum += earlier[at];
      return sum;
    },
    classes() {
      const both = new Float64Array(count * count);
      for (let a = 0; a < count; a++) {
        for (let j = 0; j < samples; j++) {
          const sum = weights[j] * earlier[a * samples + j];
          both[a * count + of[j]] += sum;
          both[of[j] * count + a] += sum;
        }
      }
      return both;
    },
    visit({ products, i, j, rows, columns, onDiagonal }) {
      for (let r = 0; r < rows; r++) {
        const a = i + r;
        const weight = weights[a];
        let limit = limitOf(weight);
        // A tile that is its own mirror image: the pairs above its diagonal.
        let at = (r * columns + (onDiagonal ? r + 1 : 0)) | 0;
        const end = ((r + 1) * columns) | 0;
        const toSample = (j - r * columns) | 0;
        const toSum = (of[a] * samples + toSample) | 0;
        for (; at < end; at = (at + 1) | 0) {
          const product = products[at];
          earlier[(toSum + at) | 0] += weight * product;
          const weighted = weights[(toSample + at) | 0] * product;
          if (Math.abs(weighted) > limit) {
            heap.offer(a, toSample + at, 2 * weight * weighted);
            limit = limitOf(weight);
          }
        }
        if (onDiagonal) self[a] = products[r * columns + r];
        if (weight === 0)
          for (let b = onDiagonal ? r + 1 : 0; b < columns; b++)
            later[a] += weights[j + b] * products[r * columns + b];
      }
    },
    largest: () => heap.sorted(),
  };
}
