import type { PairTile } from "../pairs.js";
import type { Classes } from "./classes.js";
import { createLargest, type PairShare } from "./largest.js";

/** Sums of ω_i ω_j ⟨H_i, H_j⟩ over pairs of samples that are seen tile by tile. */
export interface SamplePairs {
  /** Σ_j ω_j ⟨H_i, H_j⟩ (N). */
  readonly rows: Float64Array;
  /** ‖H_i‖² (N). */
  readonly own: Float64Array;
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
  const rows = new Float64Array(weights.length);
  const own = new Float64Array(weights.length);
  const sums = new Float64Array(count * count);
  const heap = createLargest(keep);
  return {
    rows,
    own,
    classes() {
      const both = sums.slice();
      for (let a = 0; a < count; a++)
        for (let b = 0; b < count; b++) both[a * count + b] += sums[b * count + a];
      return both;
    },
    visit(tile) {
      const { products, i, j, columns } = tile;
      const end = j + columns;
      for (let r = 0; r < tile.rows; r++) {
        const a = i + r;
        const weight = weights[a];
        const line = (of[a] * count) | 0;
        // A tile that is its own mirror image: the pairs above its diagonal.
        const start = tile.own ? r + 1 : 0;
        let row = 0;
        for (
          let b = (j + start) | 0, at = (r * columns + start) | 0;
          b < end;
          b = (b + 1) | 0, at = (at + 1) | 0
        ) {
          const product = products[at];
          const weighted = weights[b] * product;
          row += weighted;
          rows[b] += weight * product;
          const both = weight * weighted;
          sums[(line + of[b]) | 0] += both;
          heap.offer(a, b, 2 * both);
        }
        rows[a] += row;
        if (!tile.own) continue;
        own[a] = products[r * columns + r];
        rows[a] += weight * own[a];
      }
    },
    largest: () => heap.sorted(),
  };
}
