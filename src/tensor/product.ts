import { ShapeError } from "../errors.js";

// Blocking after Goto & van de Geijn (2008): panels of both factors are packed, so that the inner loop reads memory in
// order, whatever the layout. V8 folds arrays that are constants of the module into the code, which is why the panels and
// tables are such; four sums are as many chains of additions as its code keeps going without spilling registers.
const BLOCK_ROWS = 128;
const BLOCK_COLUMNS = 512;
const BLOCK_DEPTH = 256;

const packedA = new Float64Array(BLOCK_ROWS * BLOCK_DEPTH);
const packedB = new Float64Array(BLOCK_COLUMNS * BLOCK_DEPTH);
const rowsOfA = new Int32Array(BLOCK_ROWS);
const depthsOfA = new Int32Array(BLOCK_DEPTH);
const depthsOfB = new Int32Array(BLOCK_DEPTH);
const columnsOfB = new Int32Array(BLOCK_COLUMNS);
const rowsOfC = new Int32Array(BLOCK_ROWS);
const columnsOfC = new Int32Array(BLOCK_COLUMNS);

/** Where an index leads: by a constant step, or to the position that a table gives. */
export type Steps = number | Int32Array;

/** A matrix whose element (i, j) is `data[offset + down(i) + across(j)]`; several of them may be one place in memory. */
export interface IndexedMatrix {
  readonly data: Float64Array;
  readonly offset: number;
  readonly down: Steps;
  readonly across: Steps;
}

/** Places are kept in 32 bits: 16 GB of elements. */
const MAX_ELEMENTS = 0x7fffffff;

/**
 * C ← C + α·A·B for A of m×k and B of k×n, wherever their elements lie. Where elements of C coincide, their sums add up.
 * C must not overlap A or B.
 * @throws ShapeError when a matrix lies in a memory of 2³¹ elements or more
 */
export function addProduct(
  c: IndexedMatrix,
  a: IndexedMatrix,
  b: IndexedMatrix,
  [m, k, n]: readonly [number, number, number],
  alpha = 1,
): void {
  const length = Math.max(a.data.length, b.data.length, c.data.length);
  if (length > MAX_ELEMENTS)
    throw new ShapeError({
      where: "product",
      expected: "memory of less than 2³¹ elements",
      got: String(length),
    });
  for (let column = 0; column < n; column += BLOCK_COLUMNS) {
    const columns = Math.min(BLOCK_COLUMNS, n - column);
    tabulate(columnsOfB, b.across, column, columns);
    tabulate(columnsOfC, c.across, column, columns);
    for (let depth = 0; depth < k; depth += BLOCK_DEPTH) {
      const depths = Math.min(BLOCK_DEPTH, k - depth);
      tabulate(depthsOfB, b.down, depth, depths);
      tabulate(depthsOfA, a.across, depth, depths);
      pack(packedB, b, columnsOfB, columns, depthsOfB, depths, alpha);
      for (let row = 0; row < m; row += BLOCK_ROWS) {
        const rows = Math.min(BLOCK_ROWS, m - row);
        tabulate(rowsOfA, a.down, row, rows);
        tabulate(rowsOfC, c.down, row, rows);
        pack(packedA, a, rowsOfA, rows, depthsOfA, depths, 1);
        multiplyBlock(c, rows, columns, depths);
      }
    }
  }
}

function tabulate(table: Int32Array, steps: Steps, from: number, count: number): void {
  if (typeof steps === "number") for (let i = 0; i < count; i++) table[i] = (from + i) * steps;
  else for (let i = 0; i < count; i++) table[i] = steps[from + i];
}

/** Writes pairs of lines, depth by depth; a last line without a partner is paired with itself. */
function pack(
  out: Float64Array,
  { data, offset }: IndexedMatrix,
  lines: Int32Array,
  count: number,
  depthTable: Int32Array,
  depths: number,
  scale: number,
): void {
  let to = 0;
  for (let line = 0; line < count; line += 2) {
    const first = (offset + lines[line]) | 0;
    const second = line + 1 < count ? (offset + lines[line + 1]) | 0 : first;
    for (let d = 0; d < depths; d++, to = (to + 2) | 0) {
      const at = depthTable[d];
      out[to] = scale * data[(first + at) | 0];
      out[(to + 1) | 0] = scale * data[(second + at) | 0];
    }
  }
}

/** C += packedA · packedB, in squares of four elements. */
function multiplyBlock({ data, offset }: IndexedMatrix, rows: number, columns: number, depths: number): void {
  for (let j = 0, bAt = 0; j < columns; j += 2, bAt += 2 * depths) {
    const wide = j + 1 < columns;
    const left = (offset + columnsOfC[j]) | 0;
    const right = wide ? (offset + columnsOfC[j + 1]) | 0 : 0;
    for (let i = 0, aAt = 0; i < rows; i += 2, aAt += 2 * depths)
      addTile(data, i, i + 1 < rows, left, right, wide, aAt, bAt, depths);
  }
}

function addTile(
  c: Float64Array,
  row: number,
  tall: boolean,
  left: number,
  right: number,
  wide: boolean,
  aAt: number,
  bAt: number,
  depths: number,
): void {
  let c00 = 0;
  let c01 = 0;
  let c10 = 0;
  let c11 = 0;
  for (const end = (aAt + 2 * depths) | 0; aAt < end; aAt = (aAt + 2) | 0, bAt = (bAt + 2) | 0) {
    const a0 = packedA[aAt];
    const a1 = packedA[(aAt + 1) | 0];
    const b0 = packedB[bAt];
    const b1 = packedB[(bAt + 1) | 0];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c10 += a1 * b0;
    c11 += a1 * b1;
  }
  const top = rowsOfC[row];
  c[(top + left) | 0] += c00;
  if (wide) c[(top + right) | 0] += c01;
  if (!tall) return;
  const bottom = rowsOfC[row + 1];
  c[(bottom + left) | 0] += c10;
  if (wide) c[(bottom + right) | 0] += c11;
}
