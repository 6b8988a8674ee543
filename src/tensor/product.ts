import { ShapeError } from "../errors.js";
import { backend } from "./backend.js";
import { type Formed, type IndexedMatrix, type Packed, place, type Steps } from "./indexed-matrix.js";
import { pack } from "./packing.js";
import { BLOCK_COLUMNS, BLOCK_DEPTH, BLOCK_ROWS, firstOf, type Panels, tallOf } from "./panels.js";
import { plainPanels } from "./plain-panels.js";
import { wasmPanels } from "./wasm-panels.js";

// Blocking after Goto & van de Geijn (2008), whatever the layout of the factors.

const rowsOfA = new Int32Array(BLOCK_ROWS);
const columnsOfB = new Int32Array(BLOCK_COLUMNS);
const rowsOfC = new Int32Array(BLOCK_ROWS);
const columnsOfC = new Int32Array(BLOCK_COLUMNS);

let compiled: Panels | undefined;
let shared: Panels | undefined;

/** Has products computed in panels of several threads, wherever WebAssembly computes them; or no longer. @returns the last ones */
export function sharePanels(panels: Panels | undefined): Panels | undefined {
  const before = shared;
  shared = panels;
  return before;
}

/** Multiplications of a block below which other threads would come too late: some 60 µs of them. */
export const LEAST_SHARED = 1 << 18;

/** The panels of the current backend for products of these extents. */
function panelsFor(m: number, k: number, n: number): Panels {
  if (backend() === "plain") return plainPanels;
  const block = Math.min(m, BLOCK_ROWS) * Math.min(k, BLOCK_DEPTH) * Math.min(n, BLOCK_COLUMNS);
  if (shared !== undefined && block >= LEAST_SHARED) return shared;
  compiled ??= wasmPanels();
  return compiled ?? plainPanels;
}

export type Extents = readonly [m: number, k: number, n: number];

type Operand = { -readonly [Key in keyof IndexedMatrix]: IndexedMatrix[Key] };

// What describes one product, used again for the next: small networks would spend much of their time on making it anew.
const nothing = new Float64Array(0);
const [ofC, ofA, ofB] = [0, 0, 0].map(
  (): Operand => ({ data: nothing, offset: 0, down: 0, across: 0, packed: undefined, formed: undefined }),
);
const extents: [m: number, k: number, n: number] = [0, 0, 0];

function describing(
  operand: Operand,
  data: Float64Array,
  offset: number,
  down: Steps,
  across: Steps,
  packed?: Packed,
): Operand {
  operand.packed = packed;
  operand.data = data;
  operand.offset = offset;
  operand.down = down;
  operand.across = across;
  return operand;
}

/** C of the product that is computed next, and of no other. */
export function into(data: Float64Array, offset: number, down: Steps, across: Steps): IndexedMatrix {
  return describing(ofC, data, offset, down, across);
}

/** A of the product that is computed next, and of no other. */
export function left(
  data: Float64Array,
  offset: number,
  down: Steps,
  across: Steps,
  packed?: Packed,
): IndexedMatrix {
  return describing(ofA, data, offset, down, across, packed);
}

/** B of the product that is computed next, and of no other. */
export function right(
  data: Float64Array,
  offset: number,
  down: Steps,
  across: Steps,
  packed?: Packed,
): IndexedMatrix {
  return describing(ofB, data, offset, down, across, packed);
}

/** A of the product that is computed next, and of no other, where it is formed as it is packed. */
export function leftFormed(formed: Formed, down: Steps): IndexedMatrix {
  const operand = describing(ofA, nothing, 0, down, 0);
  operand.formed = formed;
  return operand;
}

/** B of the product that is computed next, and of no other, where it is formed as it is packed. */
export function rightFormed(formed: Formed, across: Steps): IndexedMatrix {
  const operand = describing(ofB, nothing, 0, 0, across);
  operand.formed = formed;
  return operand;
}

/** Extents of the product that is computed next. */
export function sized(m: number, k: number, n: number): Extents {
  extents[0] = m;
  extents[1] = k;
  extents[2] = n;
  return extents;
}

/** Numbers of C that take less time than a view of them. */
const FEW = 256;

/** Places are kept in 32 bits: 16 GB of elements. */
const MAX_ELEMENTS = 0x7fffffff;

/**
 * C ← β·C + α·A·B for A of m×k and B of k×n, wherever their elements lie. Where elements of C coincide, their sums add up.
 * C must not overlap A or B; with β ≠ 1 its rows must be contiguous.
 * @throws ShapeError when a matrix lies in a memory of 2³¹ elements or more
 */
export function addProduct(
  c: IndexedMatrix,
  a: IndexedMatrix,
  b: IndexedMatrix,
  extents: Extents,
  alpha = 1,
  beta = 1,
): void {
  addBlocks(c, a, b, extents, alpha, beta, false);
  letGo();
}

/**
 * The same for C and A·B that are symmetric, as AᵀA is: half the work, since elements below the diagonal are copies of
 * those above it. No elements of C may coincide.
 * @throws ShapeError when a matrix lies in a memory of 2³¹ elements or more
 */
export function addSymmetricProduct(
  c: IndexedMatrix,
  a: IndexedMatrix,
  b: IndexedMatrix,
  extents: readonly [n: number, k: number, n?: number],
  alpha = 1,
  beta = 1,
): void {
  const { data, offset, down, across } = c;
  addUpperProduct(c, a, b, extents, alpha, beta);
  const n = extents[0];
  for (let i = 0; i < n; i++) {
    const row = offset + place(down, i);
    const column = offset + place(across, i);
    for (let j = 0; j < i; j++) data[row + place(across, j)] = data[column + place(down, j)];
  }
}

/** As `addSymmetricProduct`, but elements below the diagonal are unspecified. */
export function addUpperProduct(
  c: IndexedMatrix,
  a: IndexedMatrix,
  b: IndexedMatrix,
  [n, k]: readonly [number, number, number?],
  alpha = 1,
  beta = 1,
): void {
  addBlocks(c, a, b, sized(n, k, n), alpha, beta, true);
  letGo();
}

/** Memory that was multiplied must not be held by its description. */
function letGo(): void {
  ofA.data = nothing;
  ofB.data = nothing;
  ofC.data = nothing;
  ofA.packed = undefined;
  ofB.packed = undefined;
  ofA.formed = undefined;
  ofB.formed = undefined;
}

/** @param above whether only tiles that reach the diagonal, or lie above it, are wanted */
function addBlocks(
  c: IndexedMatrix,
  a: IndexedMatrix,
  b: IndexedMatrix,
  extents: Extents,
  alpha: number,
  beta: number,
  above: boolean,
): void {
  // Until code is optimized, to take an array apart makes objects.
  const m = extents[0];
  const k = extents[1];
  const n = extents[2];
  const length = Math.max(a.data.length, b.data.length, c.data.length);
  if (length > MAX_ELEMENTS)
    throw new ShapeError({
      where: "product",
      expected: "memory of less than 2³¹ elements",
      got: String(length),
    });
  if (a.packed !== undefined) a.packed.products++;
  if (b.packed !== undefined) b.packed.products++;
  const panels = panelsFor(m, k, n);
  const whole =
    panels.addBlock !== undefined &&
    n <= BLOCK_COLUMNS &&
    m * n >= FEW &&
    k > 0 &&
    c.across === 1 &&
    c.down === n;
  // Where no two elements of C coincide, the first sums are written over whatever was there.
  const isOver = beta === 0 && k > 0 && (whole || areApart(c));
  if (beta !== 1 && !isOver) scaleRows(c, beta, m, n);
  let blockOfB = 0;
  for (let column = 0; column < n; column += BLOCK_COLUMNS) {
    const columns = Math.min(BLOCK_COLUMNS, n - column);
    tabulate(columnsOfB, b.across, column, columns);
    tabulate(columnsOfC, c.across, column, columns);
    let blockOfA = 0;
    for (let depth = 0; depth < k; depth += BLOCK_DEPTH) {
      const depths = Math.min(BLOCK_DEPTH, k - depth);
      const alone = panels.multiplyBlock === undefined;
      if (alone)
        pack(panels, panels.b, b, blockOfB, columnsOfB, columns, 0, columns, b.down, depth, depths, alpha);
      // Where several threads multiply, B is packed while they do.
      const packB = alone ? undefined : packingB(panels, b, blockOfB, columns, depth, depths, alpha);
      const end = above ? Math.min(m, column + columns) : m;
      for (let row = 0; row < end; row += BLOCK_ROWS) {
        const rows = Math.min(BLOCK_ROWS, m - row);
        tabulate(rowsOfA, a.down, row, rows);
        tabulate(rowsOfC, c.down, row, rows);
        pack(panels, panels.a, a, blockOfA++, rowsOfA, rows, 0, rows, a.across, depth, depths, 1);
        const reach = above ? column - row + 4 : BLOCK_ROWS;
        const isNew = isOver && depth === 0;
        if (whole) panels.addBlock?.(c.data, c.offset + row * n, rows, columns, depths, reach, isNew);
        else if (alone) multiplyBlock(c, panels, rows, columns, depths, reach, isNew);
        else shareBlock(c, panels, rows, columns, depths, reach, isNew, row === 0 ? packB : undefined);
      }
      blockOfB++;
    }
  }
}

const areApart = ({ down, across }: IndexedMatrix): boolean =>
  typeof down === "number" && typeof across === "number";

function scaleRows({ data, offset, down }: IndexedMatrix, beta: number, rows: number, columns: number): void {
  if (beta === 0 && down === columns) {
    data.fill(0, offset, offset + rows * columns);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const start = offset + place(down, i);
    if (beta === 0) data.fill(0, start, start + columns);
    else for (let j = start; j < start + columns; j++) data[j] *= beta;
  }
}

function packingB(
  panels: Panels,
  b: IndexedMatrix,
  block: number,
  columns: number,
  depth: number,
  depths: number,
  alpha: number,
): (first: number, end: number) => void {
  return (first, end) =>
    pack(panels, panels.b, b, block, columnsOfB, columns, first, end, b.down, depth, depths, alpha);
}

function tabulate(table: Int32Array, steps: Steps, from: number, count: number): void {
  if (typeof steps === "number") for (let i = 0; i < count; i++) table[i] = (from + i) * steps;
  else for (let i = 0; i < count; i++) table[i] = steps[from + i];
}

/** C += the product of the packed panels, or where it is new C = that: for column j, of at most the first `reach` + j rows. */
function multiplyBlock(
  c: IndexedMatrix,
  panels: Panels,
  rows: number,
  columns: number,
  depths: number,
  reach: number,
  isNew: boolean,
): void {
  for (let j = firstOf(reach); j < columns; j += 4) {
    const tall = tallOf(rows, reach, j);
    const wide = Math.min(4, columns - j);
    panels.multiply(tall, wide, j * depths, depths);
    addSums(c, panels.sums, 0, tall, j, wide, isNew);
  }
}

/** `multiplyBlock` by several threads, where the block is large enough. @param packB packs columns of B, where that has not been done */
function shareBlock(
  c: IndexedMatrix,
  panels: Panels,
  rows: number,
  columns: number,
  depths: number,
  reach: number,
  isNew: boolean,
  packB: ((first: number, end: number) => void) | undefined,
): void {
  const add = (j: number, from: number) =>
    addSums(c, panels.sums, from, tallOf(rows, reach, j), j, Math.min(4, columns - j), isNew);
  if (panels.multiplyBlock?.(rows, columns, depths, reach, add, packB)) return;
  packB?.(0, columns);
  multiplyBlock(c, panels, rows, columns, depths, reach, isNew);
}

/** C += the sums from number `from` on, or C = these, of columns j, j + 1, …, as many as `wide`. */
function addSums(
  { data, offset }: IndexedMatrix,
  sums: Float64Array,
  from: number,
  rows: number,
  j: number,
  wide: number,
  isNew: boolean,
): void {
  const c0 = (offset + columnsOfC[j]) | 0;
  if (wide === 4) {
    const c1 = (offset + columnsOfC[j + 1]) | 0;
    const c2 = (offset + columnsOfC[j + 2]) | 0;
    const c3 = (offset + columnsOfC[j + 3]) | 0;
    if (isNew) {
      for (let i = 0, at = from; i < rows; i++, at = (at + 4) | 0) {
        const row = rowsOfC[i];
        data[(row + c0) | 0] = sums[at];
        data[(row + c1) | 0] = sums[(at + 1) | 0];
        data[(row + c2) | 0] = sums[(at + 2) | 0];
        data[(row + c3) | 0] = sums[(at + 3) | 0];
      }
      return;
    }
    for (let i = 0, at = from; i < rows; i++, at = (at + 4) | 0) {
      const row = rowsOfC[i];
      data[(row + c0) | 0] += sums[at];
      data[(row + c1) | 0] += sums[(at + 1) | 0];
      data[(row + c2) | 0] += sums[(at + 2) | 0];
      data[(row + c3) | 0] += sums[(at + 3) | 0];
    }
    return;
  }
  for (let i = 0; i < rows; i++) {
    const row = (offset + rowsOfC[i]) | 0;
    for (let column = 0; column < wide; column++) {
      const at = (row + columnsOfC[j + column]) | 0;
      const sum = sums[from + 4 * i + column];
      data[at] = isNew ? sum : data[at] + sum;
    }
  }
}
