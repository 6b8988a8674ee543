import type { Formed } from "./indexed-matrix.js";
import { FEW_PACKED, type Panels, UNPACKED } from "./panels.js";

/** Vectors of one length, `step` numbers from one to the next. */
interface Rows {
  readonly data: Float64Array;
  readonly step: number;
  readonly width: number;
}

interface RowProducts {
  weights: Float64Array;
  first: Rows;
  second: Rows;
}

const nothing = new Float64Array(0);
const noRows: Rows = { data: nothing, step: 0, width: 1 };

/**
 * Makes what describes the row-wise product of two matrices, each row times a weight: in row i and column a·width + b stands ω_i
 * times entry a of the first one's row i times entry b of the second one's, `width` being that of the second. One description is
 * used again and again.
 */
export function createRowProducts(): (weights: Float64Array, first: Rows, second: Rows) => Formed {
  const factors: RowProducts = { weights: nothing, first: noRows, second: noRows };
  const formed: Formed = {
    pack(panels, out, columns, count, from, until, depth, depths, scale) {
      if (packedByKernel(panels, out, factors, columns, count, from, until, depth, depths, scale)) return;
      packColumns(out, factors, columns, from, until, depth, depths, scale);
    },
  };
  return (weights, first, second) => {
    factors.weights = weights;
    factors.first = first;
    factors.second = second;
    return formed;
  };
}

/** Whether a kernel has packed them: the rows are copied to it, once. */
function packedByKernel(
  { packer }: Panels,
  out: Float64Array,
  { weights, first, second }: RowProducts,
  columns: Int32Array,
  count: number,
  from: number,
  until: number,
  depth: number,
  depths: number,
  scale: number,
): boolean {
  const { step, width } = second;
  const firstAt = depths;
  const secondAt = first.data === second.data ? firstAt : firstAt + depths * first.step;
  if (packer === undefined || count * depths < FEW_PACKED || secondAt + depths * step > UNPACKED)
    return false;
  if (until === count) {
    packer.copy(weights, depth, depths);
    packer.copy(first.data, depth * first.step, depths * first.step, firstAt);
    if (secondAt !== firstAt) packer.copy(second.data, depth * step, depths * step, secondAt);
  }
  packer.packProducts(out, columns, from, until, depths, scale, firstAt, first.step, secondAt, step, width);
  return true;
}

/** Panels of four columns; a last one of fewer is filled up with its first column. */
function packColumns(
  out: Float64Array,
  { weights, first, second }: RowProducts,
  columns: Int32Array,
  from: number,
  until: number,
  depth: number,
  depths: number,
  scale: number,
): void {
  const { data: lefts, step: leftStep } = first;
  const { data: rights, step: rightStep, width } = second;
  let to = from * depths;
  for (let column = from; column < until; column += 4) {
    const n0 = columns[column];
    const n1 = column + 1 < until ? columns[column + 1] : n0;
    const n2 = column + 2 < until ? columns[column + 2] : n0;
    const n3 = column + 3 < until ? columns[column + 3] : n0;
    const a0 = Math.floor(n0 / width);
    const a1 = Math.floor(n1 / width);
    const a2 = Math.floor(n2 / width);
    const a3 = Math.floor(n3 / width);
    for (let d = depth; d < depth + depths; d++, to += 4) {
      const weight = scale * weights[d];
      const a = d * leftStep;
      const b = d * rightStep;
      out[to] = weight * lefts[a + a0] * rights[b + n0 - a0 * width];
      out[to + 1] = weight * lefts[a + a1] * rights[b + n1 - a1 * width];
      out[to + 2] = weight * lefts[a + a2] * rights[b + n2 - a2 * width];
      out[to + 3] = weight * lefts[a + a3] * rights[b + n3 - a3 * width];
    }
  }
}
