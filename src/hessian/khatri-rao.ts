import { gemm } from "../tensor/matmul.js";
import { matrixView, type Tensor, transpose } from "../tensor/view.js";
import type { SampleRows } from "./factors.js";
import { triangle } from "./packed.js";

/** Columns of ω (u ⊗ v) formed at a time. */
const CHUNK = 256;

/**
 * The second factor of a weighted sum Σ ω_i f_i ⊗ g_i over samples, where g_i is u_i itself, u_i ⊗ v_i, or the packed
 * upper triangle of u_i u_iᵀ (when v is u) with off-diagonal entries times `offDiagonal`.
 */
export interface Feature {
  readonly u: Tensor;
  readonly v: Tensor | undefined;
  /** Length of g_i. */
  readonly width: number;
  /** Made on first use, and kept. */
  columns(): FeatureColumns;
  /** Memory of at least this length, kept from one call to the next. */
  buffer(purpose: "chunk" | "values", length: number): Float64Array;
}

/** The (column of u, column of v, scale) of every entry of g, in order. */
export interface FeatureColumns {
  readonly ofU: Int32Array;
  readonly ofV: Int32Array;
  readonly scale: Float64Array;
}

export function createFeature(u: Tensor, v: Tensor | undefined, offDiagonal: number): Feature {
  const width = v === undefined ? u.shape[1] : v === u ? triangle(u.shape[1]) : u.shape[1] * v.shape[1];
  let columns: FeatureColumns | undefined;
  const buffers = { chunk: new Float64Array(0), values: new Float64Array(0) };
  return {
    u,
    v,
    width,
    columns() {
      columns ??= enumerateColumns(u, v, width, offDiagonal);
      return columns;
    },
    buffer(purpose, length) {
      if (buffers[purpose].length < length) buffers[purpose] = new Float64Array(length);
      return buffers[purpose];
    },
  };
}

function enumerateColumns(
  u: Tensor,
  v: Tensor | undefined,
  width: number,
  offDiagonal: number,
): FeatureColumns {
  const columns = { ofU: new Int32Array(width), ofV: new Int32Array(width), scale: new Float64Array(width) };
  let at = 0;
  for (let a = 0; a < u.shape[1]; a++) {
    const first = v === u ? a : 0;
    const last = v === undefined ? 1 : v.shape[1];
    for (let b = first; b < last; b++, at++) {
      columns.ofU[at] = a;
      columns.ofV[at] = b;
      columns.scale[at] = v === u && a !== b ? offDiagonal : 1;
    }
  }
  return columns;
}

/** One slab of T = Σ ω_i f_i ⊗ g_i: all rows (entries of f), columns `from` … `from + chunk.shape[1]` of g. */
export interface Slab {
  readonly from: number;
  /** (width of f) × (columns in this slab). */
  readonly values: Tensor;
  /** ω_i g_i of the same columns, N × columns. */
  readonly chunk: Tensor;
  readonly columns: FeatureColumns;
}

/**
 * Streams T = Fᵀ diag(ω) G slab by slab, so that neither T nor G is stored. G's rows are the Khatri–Rao (row-wise
 * Kronecker) product of u and v. The slab's buffers are reused: read them before returning.
 */
export function streamKhatriRao(
  f: SampleRows,
  feature: Feature,
  weights: Float64Array,
  visit: (slab: Slab) => void,
): void {
  const count = weights.length;
  const { width } = feature;
  const columns = feature.columns();
  const rows = matrixView(f.data, count, f.width);
  const chunkSize = Math.min(CHUNK, width);
  const chunkData = feature.buffer("chunk", count * chunkSize);
  const valueData = feature.buffer("values", f.width * chunkSize);
  for (let from = 0; from < width; from += chunkSize) {
    const size = Math.min(chunkSize, width - from);
    const chunk = matrixView(chunkData, count, size);
    fillChunk(chunk, from, feature, columns, weights);
    const values = matrixView(valueData, f.width, size);
    gemm(values, transpose(rows), chunk);
    visit({ from, values, chunk, columns });
  }
}

function fillChunk(
  chunk: Tensor,
  from: number,
  { u, v }: Feature,
  { ofU, ofV, scale }: FeatureColumns,
  weights: Float64Array,
): void {
  const [count, size] = chunk.shape;
  for (let i = 0; i < count; i++) {
    const uRow = u.offset + i * u.stride[0];
    const vRow = v === undefined ? 0 : v.offset + i * v.stride[0];
    const weight = weights[i];
    const row = i * size;
    for (let c = 0; c < size; c++) {
      const product = weight * scale[from + c] * u.data[uRow + ofU[from + c]];
      chunk.data[row + c] = v === undefined ? product : product * v.data[vRow + ofV[from + c]];
    }
  }
}
