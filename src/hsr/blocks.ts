import type { FactorSet, Tap } from "../hessian/factors.js";
import { diagonalSlabs, mixedSlabs, type Slab } from "../hessian/slabs.js";
import { matrixView, type Tensor } from "../tensor/view.js";
import type { Block } from "./route.js";

/** H's blocks, formed slab by slab, and never stored. */
export interface FormedBlocks {
  /** Visits every slab of these blocks, in turn. */
  each(visit: (block: Block, slab: Slab) => void): void;
  /** The slab of one part of H, summed over chunks of samples that are loaded one after the other; in one of two memories. */
  form(slab: Slab, chunks: Iterable<FactorSet>, memory: 0 | 1): Tensor;
}

/** @param count largest number of samples at a time */
export function createFormedBlocks(
  taps: readonly Tap[],
  blocks: readonly Block[],
  count: number,
): FormedBlocks {
  const slabs = blocks.map(({ m, l }) => ({
    block: { m, l },
    slabs: m === l ? diagonalSlabs(taps, l, count) : mixedSlabs(taps, m, l, count),
  }));
  const most = Math.max(0, ...slabs.flatMap((each) => each.slabs.map(({ rows, columns }) => rows * columns)));
  const buffers = [new Float64Array(most), new Float64Array(0)];
  return {
    each(visit) {
      for (const { block, slabs: ofBlock } of slabs) for (const slab of ofBlock) visit(block, slab);
    },
    form(slab, chunks, memory) {
      const { rows, columns } = slab;
      if (buffers[memory].length < most) buffers[memory] = new Float64Array(most);
      const values = matrixView(buffers[memory], rows, columns);
      values.data.fill(0, 0, rows * columns);
      for (const factors of chunks) {
        slab.fill(factors);
        slab.add(factors, values);
      }
      return values;
    },
  };
}

/** ⟨A, B⟩ of what the slabs of two matrices stand for. */
export function slabInner({ rows, columns, rowTimes, columnTimes }: Slab, a: Tensor, b: Tensor): number {
  let total = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++, at++)
      sum += columnTimes[column] * a.data[at] * b.data[at];
    total += rowTimes[row] * sum;
  }
  return total;
}

/** The derivative of scale · ‖A‖² by the values of a slab, in their place. */
export function toSquareAdjoint(
  { rows, columns, rowTimes, columnTimes }: Slab,
  a: Tensor,
  scale: number,
): void {
  for (let row = 0, at = 0; row < rows; row++) {
    const factor = 2 * scale * rowTimes[row];
    for (let column = 0; column < columns; column++, at++) a.data[at] *= factor * columnTimes[column];
  }
}
