import { ShapeError } from "../errors.js";
import { asMatrix, formatShape, type MatrixLike, type Tensor, zeros } from "./view.js";

// Blocking after Goto & van de Geijn (2008): panels of both factors are packed so that the register tile reads
// memory in order, whatever the strides. 4×2 accumulators keep the scalar units of current CPUs busy from V8.
const TILE_ROWS = 4;
const TILE_COLUMNS = 2;
const BLOCK_ROWS = 128;
const BLOCK_COLUMNS = 512;
const BLOCK_DEPTH = 256;

const packedA = new Float64Array(BLOCK_ROWS * BLOCK_DEPTH);
const packedB = new Float64Array(BLOCK_COLUMNS * BLOCK_DEPTH);
const edgeTile = new Float64Array(TILE_ROWS * TILE_COLUMNS);

/**
 * The matrix product A·B.
 * @param a (m,k) @param b (k,n), any strides @returns (m,n), row-major
 * @throws ShapeError when the inner extents differ
 */
export function matmul(a: MatrixLike, b: MatrixLike): Tensor {
  const left = asMatrix("matmul", "a", a);
  const right = asMatrix("matmul", "b", b, [left.shape[1], undefined]);
  const out = zeros([left.shape[0], right.shape[1]]);
  gemm(out, left, right);
  return out;
}

/**
 * C ← β·C + α·A·B, the one product under everything else.
 * @param c (m,n) with unit column stride, not overlapping A or B @param a (m,k) @param b (k,n), any strides:
 * a transposed factor is a transposed view
 * @throws ShapeError when the extents do not fit
 */
export function gemm(c: Tensor, a: Tensor, b: Tensor, alpha = 1, beta = 0): void {
  const [m, n] = c.shape;
  const k = a.shape[1];
  if (a.shape[0] !== m || b.shape[0] !== k || b.shape[1] !== n || (c.stride[1] !== 1 && n > 1)) {
    throw new ShapeError({
      where: "gemm",
      expected: `(m,n) = (m,k)·(k,n) with rows of C contiguous`,
      got: `${formatShape(c.shape)} = ${formatShape(a.shape)}·${formatShape(b.shape)}, stride of C ${formatShape(c.stride)}`,
    });
  }
  scaleRows(c, beta);
  for (let column = 0; column < n; column += BLOCK_COLUMNS) {
    const columns = Math.min(BLOCK_COLUMNS, n - column);
    for (let depth = 0; depth < k; depth += BLOCK_DEPTH) {
      const depths = Math.min(BLOCK_DEPTH, k - depth);
      const [bDown, bAcross] = b.stride;
      pack(
        packedB,
        b.data,
        b.offset + column * bAcross + depth * bDown,
        bAcross,
        bDown,
        columns,
        depths,
        TILE_COLUMNS,
        alpha,
      );
      for (let row = 0; row < m; row += BLOCK_ROWS) {
        const rows = Math.min(BLOCK_ROWS, m - row);
        const [aDown, aAcross] = a.stride;
        pack(
          packedA,
          a.data,
          a.offset + row * aDown + depth * aAcross,
          aDown,
          aAcross,
          rows,
          depths,
          TILE_ROWS,
          1,
        );
        multiplyBlock(c.data, c.offset + row * c.stride[0] + column, c.stride[0], rows, columns, depths);
      }
    }
  }
}

function scaleRows(c: Tensor, beta: number): void {
  if (beta === 1) return;
  const [rows, columns] = c.shape;
  for (let i = 0; i < rows; i++) {
    const start = c.offset + i * c.stride[0];
    if (beta === 0) c.data.fill(0, start, start + columns);
    else for (let j = start; j < start + columns; j++) c.data[j] *= beta;
  }
}

/** Writes `lines` × `depths` elements as strips of `width` lines, depth-major within a strip, padded with 0. */
function pack(
  out: Float64Array,
  source: Float64Array,
  offset: number,
  lineStride: number,
  depthStride: number,
  lines: number,
  depths: number,
  width: number,
  scale: number,
): void {
  for (let line = 0, strip = 0; line < lines; line += width, strip += width * depths) {
    const present = Math.min(width, lines - line);
    const start = offset + line * lineStride;
    if (present < width) out.fill(0, strip, strip + width * depths);
    // Read along whichever direction is contiguous.
    if (Math.abs(lineStride) < Math.abs(depthStride)) {
      for (let d = 0; d < depths; d++) {
        const from = start + d * depthStride;
        const to = strip + d * width;
        for (let w = 0; w < present; w++) out[to + w] = scale * source[from + w * lineStride];
      }
    } else {
      for (let w = 0; w < present; w++) {
        let from = start + w * lineStride;
        for (let to = strip + w, end = strip + width * depths; to < end; to += width, from += depthStride)
          out[to] = scale * source[from];
      }
    }
  }
}

/** C += packedA · packedB, tile by tile. */
function multiplyBlock(
  c: Float64Array,
  offset: number,
  stride: number,
  rows: number,
  columns: number,
  depths: number,
): void {
  for (let j = 0, bAt = 0; j < columns; j += TILE_COLUMNS, bAt += TILE_COLUMNS * depths) {
    for (let i = 0, aAt = 0; i < rows; i += TILE_ROWS, aAt += TILE_ROWS * depths) {
      if (i + TILE_ROWS <= rows && j + TILE_COLUMNS <= columns) {
        addTile(packedA, aAt, packedB, bAt, depths, c, offset + i * stride + j, stride);
        continue;
      }
      edgeTile.fill(0);
      addTile(packedA, aAt, packedB, bAt, depths, edgeTile, 0, TILE_COLUMNS);
      const tileRows = Math.min(TILE_ROWS, rows - i);
      const tileColumns = Math.min(TILE_COLUMNS, columns - j);
      for (let y = 0; y < tileRows; y++) {
        for (let x = 0; x < tileColumns; x++)
          c[offset + (i + y) * stride + j + x] += edgeTile[y * TILE_COLUMNS + x];
      }
    }
  }
}

/** The register tile: 4×2 sums over `depths` products each. */
function addTile(
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  depths: number,
  c: Float64Array,
  at: number,
  stride: number,
): void {
  let c00 = 0;
  let c01 = 0;
  let c10 = 0;
  let c11 = 0;
  let c20 = 0;
  let c21 = 0;
  let c30 = 0;
  let c31 = 0;
  for (const end = aAt + 4 * depths; aAt < end; aAt += 4, bAt += 2) {
    const a0 = a[aAt];
    const a1 = a[aAt + 1];
    const a2 = a[aAt + 2];
    const a3 = a[aAt + 3];
    const b0 = b[bAt];
    c00 += a0 * b0;
    c10 += a1 * b0;
    c20 += a2 * b0;
    c30 += a3 * b0;
    const b1 = b[bAt + 1];
    c01 += a0 * b1;
    c11 += a1 * b1;
    c21 += a2 * b1;
    c31 += a3 * b1;
  }
  c[at] += c00;
  c[at + 1] += c01;
  at += stride;
  c[at] += c10;
  c[at + 1] += c11;
  at += stride;
  c[at] += c20;
  c[at + 1] += c21;
  at += stride;
  c[at] += c30;
  c[at + 1] += c31;
}
