import { keptTranspose, keptView } from "../tensor/kept-view.js";
import { gemm } from "../tensor/matmul.js";
import { addProduct } from "../tensor/product.js";
import { room } from "../tensor/room.js";
import { matrixView, type ParameterRange, type Tensor } from "../tensor/view.js";
import { type Factors, type SampleVectors, type Tap, widthOf } from "./factors.js";
import { triangle } from "./triangle.js";

/** Columns of ω ã ⊗ ã formed at a time. */
const CHUNK = 256;
/** Numbers of a slab between two taps, and of what it is the product of. */
const SLAB = 1 << 17;

/**
 * A part of H's block between two taps, a matrix product over samples: formed on its own, so that neither H nor the
 * products of factors over all samples need be stored.
 */
export interface Slab {
  readonly rows: number;
  readonly columns: number;
  /** Forms one factor of the product, ω included, for these samples. */
  fill(factors: Factors): void;
  /** Adds to `values` (rows × columns) the sum over the samples, after `fill`. */
  add(factors: Factors, values: Tensor): void;
  /** Adds to the factors' adjoints, from that of the values; `fill` is undone. */
  pullBack(factors: Factors, bars: Tensor): void;
}

/** A slab whose values are entries of H. */
export interface BlockSlab extends Slab {
  /** How often a row's and a column's entries stand in the block: an entry as often as the product says. */
  readonly rowTimes: Float64Array;
  readonly columnTimes: Float64Array;
}

/** What a slab holds for these samples alone. @param memory where it is written to, at least rows × columns */
export function formed(slab: Slab, factors: Factors, memory: Float64Array): Tensor {
  const { rows, columns } = slab;
  const values = matrixView(memory, rows, columns);
  memory.fill(0, 0, rows * columns);
  slab.fill(factors);
  slab.add(factors, values);
  return values;
}

/** Columns `from` … of a list of pairs of ã's entries (a,b), a ≤ b, by all entries (p,q) of X's triangle. */
export interface DiagonalSlab extends BlockSlab {
  readonly from: number;
  /** The entries of ã. */
  readonly first: Int32Array;
  readonly second: Int32Array;
}

/** Unit `unit` of tap m: entry (r, s) of its columns q from `from` on, (q − from, r) by s. */
export interface MixedSlab extends BlockSlab {
  readonly unit: number;
  readonly from: number;
}

/**
 * The slabs of the block of tap l with itself: Σ ω X_pq ã_a ã_b for the entries of X's and of ããᵀ's upper triangles, X's in
 * the order of `Factors`.
 * @param count largest number of samples @param entries of ã that are wanted; default: all
 */
export function diagonalSlabs(
  taps: readonly Tap[],
  l: number,
  count: number,
  { from, to }: ParameterRange = { from: 0, to: widthOf(taps[l]) },
): readonly DiagonalSlab[] {
  const rows = triangle(taps[l].units);
  const width = triangle(to - from);
  const first = new Int32Array(width);
  const second = new Int32Array(width);
  for (let a = from, at = 0; a < to; a++) {
    for (let b = a; b < to; b++, at++) {
      first[at] = a;
      second[at] = b;
    }
  }
  const rowTimes = room(rows)
    .fill(2, 0, rows - taps[l].units)
    .fill(1, rows - taps[l].units);
  const times = Float64Array.from(first, (a, at) => (a === second[at] ? 1 : 2));
  const chunkOf = room(count * Math.min(CHUNK, width));
  return Array.from({ length: Math.ceil(width / CHUNK) }, (_, at) => {
    const start = at * CHUNK;
    const columns = Math.min(CHUNK, width - start);
    return {
      rows,
      columns,
      rowTimes,
      columnTimes: times.subarray(start, start + columns),
      from: start,
      first,
      second,
      fill({ count: samples, weights, rows: inputs }) {
        const { data, step } = inputs[l];
        for (let i = 0, to = 0; i < samples; i++) {
          for (let c = start; c < start + columns; c++, to++)
            chunkOf[to] = weights[i] * data[i * step + first[c]] * data[i * step + second[c]];
        }
      },
      add(factors, values) {
        const { data, step, places } = factors.curvature[l][l];
        addProduct(
          { data: values.data, offset: 0, down: columns, across: 1 },
          { data, offset: 0, down: places, across: step },
          { data: chunkOf, offset: 0, down: columns, across: 1 },
          [rows, factors.count, columns],
        );
      },
      pullBack(factors, bars) {
        const { data, adjoint, step, places } = factors.curvature[l][l];
        const across = { data: bars.data, offset: 0, down: 1, across: columns };
        addProduct(
          { data: adjoint, offset: 0, down: step, across: places },
          { data: chunkOf, offset: 0, down: columns, across: 1 },
          across,
          [factors.count, columns, rows],
        );
        if (l === 0) return;
        // The chunk has been used: its memory takes its own adjoint.
        chunkOf.fill(0, 0, factors.count * columns);
        addProduct(
          { data: chunkOf, offset: 0, down: columns, across: 1 },
          { data, offset: 0, down: step, across: places },
          { data: bars.data, offset: 0, down: columns, across: 1 },
          [factors.count, rows, columns],
        );
        pullBackPairs(factors.rows[l], factors.weights, chunkOf, first, second, start, columns);
      },
    };
  });
}

/** From the adjoint of ω ã_a ã_b to that of ã. */
function pullBackPairs(
  { data, adjoint, step }: SampleVectors,
  weights: Float64Array,
  bars: Float64Array,
  first: Int32Array,
  second: Int32Array,
  from: number,
  columns: number,
): void {
  for (let i = 0, at = 0; i < weights.length; i++) {
    for (let c = from; c < from + columns; c++, at++) {
      const bar = weights[i] * bars[at];
      const a = i * step + first[c];
      const b = i * step + second[c];
      adjoint[a] += bar * data[b];
      adjoint[b] += bar * data[a];
    }
  }
}

/**
 * The slabs of the block between taps l < m: for one unit p of tap m, Σ ω R_rq ãˡ_s with R_rq = X_pq ã^m_r + δ_p E_rq, where
 * E has no row for the bias.
 * @param count largest number of samples
 */
export function mixedSlabs(taps: readonly Tap[], m: number, l: number, count: number): readonly MixedSlab[] {
  const { units } = taps[m];
  const columns = taps[l].units;
  const height = widthOf(taps[m]);
  const width = widthOf(taps[l]);
  const atOnce = Math.max(1, Math.min(columns, Math.floor(SLAB / (height * Math.max(count, width)))));
  const buffer = room(count * atOnce * height);
  const once = room(Math.max(atOnce * height, width)).fill(1);
  const slabs: MixedSlab[] = [];
  const [factorView, inputView, barView] = [keptView(), keptView(), keptView()];
  const [factorTranspose, valueTranspose] = [keptTranspose(), keptTranspose()];
  const inputs = ({ rows: all, count: samples }: Factors) => inputView(all[l].data, samples, width);
  for (let unit = 0; unit < units; unit++) {
    for (let from = 0; from < columns; from += atOnce) {
      const to = Math.min(from + atOnce, columns);
      const rows = (to - from) * height;
      const factor = ({ count: samples }: Factors) => factorView(buffer, samples, rows);
      const place: Place = { m, l, unit, from, to };
      slabs.push({
        rows,
        columns: width,
        rowTimes: once,
        columnTimes: once,
        unit,
        from,
        fill: (factors) => fillMixed(factors, place, buffer),
        add: (factors, values) => gemm(values, factorTranspose(factor(factors)), inputs(factors), 1, 1),
        pullBack(factors, bars) {
          if (l > 0)
            gemm(barView(factors.rows[l].adjoint, factors.count, width), factor(factors), bars, 1, 1);
          gemm(factor(factors), inputs(factors), valueTranspose(bars));
          pullBackMixed(factors, place, buffer);
        },
      });
    }
  }
  return slabs;
}

/** Unit `unit` of tap m and units `from` … `to` − 1 of tap l. */
interface Place {
  readonly m: number;
  readonly l: number;
  readonly unit: number;
  readonly from: number;
  readonly to: number;
}

/** ω R, sample by sample. */
function fillMixed(factors: Factors, { m, l, unit, from, to }: Place, out: Float64Array): void {
  const { taps, count, weights } = factors;
  const { units, inputs } = taps[m];
  const height = widthOf(taps[m]);
  const x = factors.curvature[m][l].data;
  const e = factors.slopes[m][l];
  const { data: a } = factors.rows[m];
  const { data: delta } = factors.deltas[m];
  for (let i = 0, at = 0; i < count; i++) {
    const weight = weights[i];
    const pull = weight * delta[i * units + unit];
    const row = i * height;
    for (let q = from; q < to; q++, at += height) {
      const bend = weight * x[(q * count + i) * units + unit];
      for (let r = 0; r < height; r++) out[at + r] = bend * a[row + r];
      if (e.diagonal) {
        out[at + q] += pull * e.data[i * e.step + q];
        continue;
      }
      const column = (q * count + i) * inputs;
      for (let r = 0; r < inputs; r++) out[at + r] += pull * e.data[column + r];
    }
  }
}

/** From the adjoint of R, ω not included. */
function pullBackMixed(factors: Factors, { m, l, unit, from, to }: Place, bars: Float64Array): void {
  const { taps, count, weights } = factors;
  const { units, inputs } = taps[m];
  const height = widthOf(taps[m]);
  const x = factors.curvature[m][l];
  const e = factors.slopes[m][l];
  const a = factors.rows[m];
  const delta = factors.deltas[m];
  for (let i = 0, at = 0; i < count; i++) {
    const weight = weights[i];
    const pull = weight * delta.data[i * units + unit];
    const row = i * height;
    let pullBar = 0;
    for (let q = from; q < to; q++, at += height) {
      const place = (q * count + i) * units + unit;
      const bend = weight * x.data[place];
      let bendBar = 0;
      for (let r = 0; r < height; r++) {
        bendBar += bars[at + r] * a.data[row + r];
        a.adjoint[row + r] += bars[at + r] * bend;
      }
      x.adjoint[place] += weight * bendBar;
      if (e.diagonal) {
        const slope = i * e.step + q;
        pullBar += bars[at + q] * e.data[slope];
        e.adjoint[slope] += bars[at + q] * pull;
        continue;
      }
      const column = (q * count + i) * inputs;
      for (let r = 0; r < inputs; r++) {
        pullBar += bars[at + r] * e.data[column + r];
        e.adjoint[column + r] += bars[at + r] * pull;
      }
    }
    delta.adjoint[i * units + unit] += weight * pullBar;
  }
}
