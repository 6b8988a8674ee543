import { addProduct, into, left, leftFormed, right, rightFormed, sized } from "../tensor/product.js";
import { createRowProducts } from "../tensor/row-products.js";
import { scratch, uninitialized } from "../tensor/scratch.js";
import type { Tensor } from "../tensor/view.js";
import { type EntryRuns, fillProducts, pullBackProducts } from "./entry-products.js";
import { type Factors, type Tap, widthOf } from "./factors.js";
import { scatterRun } from "./scatter.js";
import { CHUNK, type MixedSlab } from "./slabs.js";

/** Numbers of a slab at most. */
const SLAB = 1 << 19;

/**
 * The slabs of the block between neighbouring taps, l = m − 1, where E is a diagonal d:
 * Σ ω X_pq (ã^m_r ãˡ_s) for units (q,p) by entries (r,s), and for r = q besides Σ ω δ_p d_q ãˡ_s.
 * @param count largest number of samples @param residual whether factors may have δ; without it taps may lie apart
 */
export function neighbourSlabs(
  taps: readonly Tap[],
  m: number,
  l: number,
  count: number,
  residual: boolean,
): readonly MixedSlab[] {
  const { units } = taps[m];
  const below = taps[l].units;
  const [height, width] = [widthOf(taps[m]), widthOf(taps[l])];
  const entries = Math.max(1, Math.min(height, Math.floor(CHUNK / width)));
  const columnsOfX = Math.max(1, Math.min(below, Math.floor(SLAB / (units * entries * width))));
  const once = scratch(Math.max(columnsOfX * units, entries * width)).fill(1);
  const [productsOf, pullsOf] = [createRowProducts(), createRowProducts()];
  const products = uninitialized(count * entries * width);
  const pulls = uninitialized(count * Math.min(columnsOfX, entries) * units);

  const slabs: MixedSlab[] = [];
  for (let r = 0; r < height; r += entries) {
    for (let q = 0; q < below; q += columnsOfX) {
      const ofEntries = { from: r, to: Math.min(r + entries, height) };
      const ofX = { from: q, to: Math.min(q + columnsOfX, below) };
      const columns = (ofEntries.to - r) * width;
      const rows = (ofX.to - q) * units;
      const runs = entryRuns(ofEntries, width);
      const ofProducts = Int32Array.from({ length: columns }, (_, column) => r * width + column);
      const diagonal = diagonalOf(ofX, residual ? ofEntries : nowhere, units, columns, width);
      const span = diagonal.starts.length;
      const isWhole = q === 0 && ofX.to === below;
      const places = (all: Int32Array) => (isWhole ? all : all.subarray(q * units, ofX.to * units));
      slabs.push({
        rows,
        columns,
        rowTimes: once,
        columnTimes: once,
        scatter: (matrix, values, upper, lower) =>
          scatter(matrix, values, runs, { units, from: q }, upper, lower),
        // Products are formed where they are packed.
        fill() {},
        add(factors, { data }, beta) {
          const x = factors.curvature[m][l];
          const inputs = factors.rows[l];
          addProduct(
            into(data, 0, columns, 1),
            left(x.data, 0, places(x.places as Int32Array), x.step),
            rightFormed(productsOf(factors.weights, factors.rows[m], inputs), ofProducts),
            sized(rows, factors.count, columns),
            1,
            beta,
          );
          if (span === 0) return;
          addProduct(
            into(data, 0, diagonal.starts, 1),
            leftFormed(pullsOf(factors.weights, factors.slopes[m][l], factors.deltas[m]), diagonal.columns),
            right(inputs.data, 0, inputs.step, 1),
            sized(span, factors.count, width),
          );
        },
        pullBack(factors, { data: bars }) {
          const { count: samples, weights } = factors;
          const x = factors.curvature[m][l];
          const inputs = factors.rows[l];
          const placesOfX = places(x.places as Int32Array);
          fillProducts(products, weights, factors.rows[m], inputs, runs);
          fillPulls(pulls, factors, m, diagonal);
          addProduct(
            into(x.adjoint, 0, x.step, placesOfX),
            left(products, 0, columns, 1),
            right(bars, 0, 1, columns),
            sized(samples, columns, rows),
          );
          if (l > 0 && span > 0)
            addProduct(
              into(inputs.adjoint, 0, inputs.step, 1),
              left(pulls, 0, span, 1),
              right(bars, 0, diagonal.starts, 1),
              sized(samples, span, width),
            );
          // Both have been used: their memory takes their own adjoints.
          addProduct(
            into(products, 0, columns, 1),
            left(x.data, 0, x.step, placesOfX),
            right(bars, 0, columns, 1),
            sized(samples, rows, columns),
            1,
            0,
          );
          pullBackProducts(products, weights, factors.rows[m], inputs, runs);
          if (span === 0) return;
          addProduct(
            into(pulls, 0, span, 1),
            left(inputs.data, 0, inputs.step, 1),
            right(bars, 0, 1, diagonal.starts),
            sized(samples, width, span),
            1,
            0,
          );
          pullBackPulls(pulls, factors, m, diagonal);
        },
      });
    }
  }
  return slabs;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const nowhere: Range = { from: 0, to: 0 };

/** Where r = q in a slab: for columns `from` … `to` − 1 of X. */
interface Diagonal extends Range {
  /** Of row (q,p) the place of the entry with r = q and s = 0. */
  readonly starts: Int32Array;
  /** Of row (q,p) the number of its entry d_q δ_p among all of d ⊗ δ. */
  readonly columns: Int32Array;
}

function diagonalOf(ofX: Range, ofEntries: Range, units: number, columns: number, width: number): Diagonal {
  const from = Math.max(ofX.from, ofEntries.from);
  const to = Math.max(from, Math.min(ofX.to, ofEntries.to));
  const starts = new Int32Array((to - from) * units);
  for (let q = from, at = 0; q < to; q++) {
    for (let p = 0; p < units; p++, at++)
      starts[at] = ((q - ofX.from) * units + p) * columns + (q - ofEntries.from) * width;
  }
  return { from, to, starts, columns: starts.map((_, at) => from * units + at) };
}

/** Every entry r with all of a row. */
function entryRuns({ from, to }: Range, width: number): EntryRuns {
  const runs = new Int32Array(3 * (to - from));
  for (let r = from; r < to; r++) runs.set([r, 0, width], 3 * (r - from));
  return runs;
}

/** ω δ_p d_q, sample by sample. */
function fillPulls(out: Float64Array, factors: Factors, m: number, { from, to }: Range): void {
  const { weights } = factors;
  const { data: deltas, step, width } = factors.deltas[m];
  const d = factors.slopes[m][m - 1];
  for (let i = 0, at = 0; i < weights.length; i++) {
    const row = i * step;
    const weight = weights[i];
    for (let q = from; q < to; q++) {
      const slope = weight * d.data[i * d.step + q];
      for (let p = row; p < row + width; p++, at++) out[at] = slope * deltas[p];
    }
  }
}

/** From their adjoint to those of δ and d. */
function pullBackPulls(bars: Float64Array, factors: Factors, m: number, { from, to }: Range): void {
  const { weights } = factors;
  const { data: deltas, adjoint: deltaBars, step, width } = factors.deltas[m];
  const d = factors.slopes[m][m - 1];
  for (let i = 0, at = 0; i < weights.length; i++) {
    const row = i * step;
    for (let q = from; q < to; q++) {
      const slope = weights[i] * d.data[i * d.step + q];
      let sum = 0;
      for (let p = row; p < row + width; p++, at++) {
        sum += bars[at] * deltas[p];
        deltaBars[p] += bars[at] * slope;
      }
      d.adjoint[i * d.step + q] += weights[i] * sum;
    }
  }
}

/** Units (q,p) from column `from` of X on in rows, entries (r,s) in columns; in H with their mirror images. */
function scatter(
  matrix: Tensor,
  { data: values, shape: [rows] }: Tensor,
  runs: EntryRuns,
  { units, from }: { readonly units: number; readonly from: number },
  upper: Int32Array,
  lower: Int32Array,
): void {
  const height = upper.length / units;
  const width = runs[2];
  for (let row = 0, at = 0; row < rows; row++) {
    const p = row % units;
    const q = from + Math.floor(row / units);
    for (let run = 0; run < runs.length; run += 3) {
      scatterRun(matrix, upper[p * height + runs[run]], lower, q * width, values, at, width);
      at += width;
    }
  }
}
