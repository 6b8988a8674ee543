import { diagonalSlabs } from "../../hessian/diagonal-slabs.js";
import type { FactorSource } from "../../hessian/factors.js";
import { mixedSlabs } from "../../hessian/mixed-slabs.js";
import type { BlockSlab, Slab } from "../../hessian/slabs.js";
import { keptView } from "../../tensor/kept-view.js";
import { uninitialized } from "../../tensor/scratch.js";
import type { Tensor } from "../../tensor/view.js";
import type { FormedSlab } from "./formed-slab.js";
import { restSlabs } from "./rest-slabs.js";
import type { Block } from "./route.js";

/** H's blocks, formed slab by slab, and never stored. */
export interface FormedBlocks {
  /** Visits every slab of these blocks, in turn. */
  each(visit: (block: Block, slab: FormedSlab) => void): void;
  /** Room for a slab's values, in one of two memories. */
  memoryFor(slab: Slab, memory: 0 | 1): Tensor;
}

/** A block, or of one between neighbours only what X ⊗ a alone does not give. */
export interface FormedBlock extends Block {
  readonly whole: boolean;
}

type BlockSource = Pick<FactorSource, "taps" | "isDiagonal">;

/** @param count largest number of samples at a time @param residual whether factors may have δ */
export function createFormedBlocks(
  source: BlockSource,
  blocks: readonly FormedBlock[],
  count: number,
  residual: boolean,
): FormedBlocks {
  const slabs = blocks.flatMap(({ m, l, whole }) => {
    const ofBlock = whole ? wholeSlabs(source, m, l, count, residual) : restSlabs(source.taps, m, count);
    return ofBlock.map((slab) => ({ block: { m, l }, slab }));
  });
  const most = slabs.reduce((size, { slab }) => Math.max(size, slab.rows * slab.columns), 0);
  const memories: Float64Array[] = [new Float64Array(0), new Float64Array(0)];
  return {
    each(visit) {
      for (const { block, slab } of slabs) visit(block, slab);
    },
    memoryFor(slab, memory) {
      if (memories[memory].length < most) memories[memory] = uninitialized(most);
      return keptView(memories[memory], slab.rows, slab.columns);
    },
  };
}

function wholeSlabs(
  source: BlockSource,
  m: number,
  l: number,
  count: number,
  residual: boolean,
): FormedSlab[] {
  const slabs = m === l ? diagonalSlabs(source.taps, l, count) : mixedSlabs(source, m, l, count, residual);
  return slabs.map((slab) => ({
    ...slab,
    inner: (a, b) => innerOf(slab, a, b),
    toAdjoint: (a, scale) => toAdjoint(slab, a, scale),
    ...(m === l && { shift: (a: Tensor, shift: number) => shiftDiagonal(slab, a, shift) }),
  }));
}

function innerOf({ rows, columns, rowTimes, columnTimes }: BlockSlab, a: Tensor, b: Tensor): number {
  let total = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++, at++)
      sum += columnTimes[column] * a.data[at] * b.data[at];
    total += rowTimes[row] * sum;
  }
  return total;
}

function toAdjoint({ rows, columns, rowTimes, columnTimes }: BlockSlab, a: Tensor, scale: number): void {
  for (let row = 0, at = 0; row < rows; row++) {
    const factor = 2 * scale * rowTimes[row];
    for (let column = 0; column < columns; column++, at++) a.data[at] *= factor * columnTimes[column];
  }
}

/** In a block of one tap, the entries on H's diagonal are those that stand once. */
function shiftDiagonal({ rows, columns, rowTimes, columnTimes }: BlockSlab, a: Tensor, shift: number): void {
  for (let row = 0; row < rows; row++) {
    if (rowTimes[row] !== 1) continue;
    for (let column = 0; column < columns; column++)
      if (columnTimes[column] === 1) a.data[row * columns + column] -= shift;
  }
}
