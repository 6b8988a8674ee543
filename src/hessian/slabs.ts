import { keptView } from "../tensor/kept-view.js";
import type { Tensor } from "../tensor/view.js";
import type { Factors } from "./factors.js";

/** Columns of ω ã ⊗ ã formed at a time: no more than a product packs at once. */
export const CHUNK = 512;

/**
 * A part of H's block between two taps, a matrix product over samples: formed on its own, so that neither H nor the
 * products of factors over all samples need be stored.
 */
export interface Slab {
  readonly rows: number;
  readonly columns: number;
  /** Computes what `add` and `pullBack` need beside the factors of these samples. */
  fill(factors: Factors): void;
  /** values ← β·values + the sum over the samples, rows × columns; after `fill`. */
  add(factors: Factors, values: Tensor, beta: number): void;
  /** Adds to the factors' adjoints, from that of the values; what `fill` computed is used up. */
  pullBack(factors: Factors, bars: Tensor): void;
}

/** A slab whose values are entries of H. */
export interface BlockSlab extends Slab {
  /** Entry (r, c) stands rowTimes[r] · columnTimes[c] times in the block. */
  readonly rowTimes: Float64Array;
  readonly columnTimes: Float64Array;
}

/** A slab of the block between two taps. */
export interface MixedSlab extends BlockSlab {
  /** Writes its values to H and their mirror images, by the places of both taps' parameters. */
  scatter(matrix: Tensor, values: Tensor, upper: Int32Array, lower: Int32Array): void;
}

/** What a slab holds for these samples alone. @param memory where it is written to, at least rows × columns */
export function formed(slab: Slab, factors: Factors, memory: Float64Array): Tensor {
  const { rows, columns } = slab;
  const values = keptView(memory, rows, columns);
  slab.fill(factors);
  slab.add(factors, values, 0);
  return values;
}
