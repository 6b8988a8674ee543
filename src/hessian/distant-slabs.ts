import { keptTranspose, keptView } from "../tensor/kept-view.js";
import { gemm } from "../tensor/matmul.js";
import { scratch, uninitialized } from "../tensor/scratch.js";
import type { Tensor } from "../tensor/view.js";
import { type Factors, type Tap, widthOf } from "./factors.js";
import { scatterRun } from "./scatter.js";
import type { MixedSlab } from "./slabs.js";

/** Numbers of a slab, and of what it is the product of. */
const SLAB = 1 << 17;

/**
 * The slabs of the block between taps l < m, whatever their slopes: for one unit p of tap m, Σ ω R_rq ãˡ_s with
 * R_rq = X_pq ã^m_r + δ_p E_rq, where E has no row for the bias.
 * @param count largest number of samples
 */
export function distantSlabs(
  taps: readonly Tap[],
  m: number,
  l: number,
  count: number,
): readonly MixedSlab[] {
  const { units } = taps[m];
  const columns = taps[l].units;
  const height = widthOf(taps[m]);
  const width = widthOf(taps[l]);
  const atOnce = Math.max(1, Math.min(columns, Math.floor(SLAB / (height * Math.max(count, width)))));
  const buffer = uninitialized(count * atOnce * height);
  const once = scratch(Math.max(atOnce * height, width)).fill(1);
  const slabs: MixedSlab[] = [];
  const inputs = ({ rows: all, count: samples }: Factors) => keptView(all[l].data, samples, width);
  for (let unit = 0; unit < units; unit++) {
    for (let from = 0; from < columns; from += atOnce) {
      const to = Math.min(from + atOnce, columns);
      const rows = (to - from) * height;
      const factor = ({ count: samples }: Factors) => keptView(buffer, samples, rows);
      const place: Place = { m, l, unit, from, to };
      slabs.push({
        rows,
        columns: width,
        rowTimes: once,
        columnTimes: once,
        scatter: (matrix, values, upper, lower) => scatter(matrix, values, place, upper, lower),
        fill: (factors) => fillMixed(factors, place, buffer),
        add: (factors, values, beta) =>
          gemm(values, keptTranspose(factor(factors)), inputs(factors), 1, beta),
        pullBack(factors, bars) {
          if (l > 0)
            gemm(keptView(factors.rows[l].adjoint, factors.count, width), factor(factors), bars, 1, 1);
          gemm(factor(factors), inputs(factors), keptTranspose(bars));
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
  const { data: x } = factors.curvature[m][l];
  const { data: e } = factors.slopes[m][l];
  const { data: a } = factors.rows[m];
  const { data: delta } = factors.deltas[m];
  for (let i = 0, at = 0; i < count; i++) {
    const weight = weights[i];
    const pull = weight * delta[i * units + unit];
    for (let q = from; q < to; q++) {
      const bend = weight * x[(q * count + i) * units + unit];
      let row = i * height;
      let slope = (q * count + i) * inputs;
      for (const end = row + inputs; row < end; row++, slope++, at++)
        out[at] = bend * a[row] + pull * e[slope];
      if (height > inputs) out[at++] = bend * a[row];
    }
  }
}

/** From the adjoint of R, ω not included. */
function pullBackMixed(factors: Factors, { m, l, unit, from, to }: Place, bars: Float64Array): void {
  const { taps, count, weights } = factors;
  const { units, inputs } = taps[m];
  const height = widthOf(taps[m]);
  const { data: x, adjoint: xBar } = factors.curvature[m][l];
  const { data: e, adjoint: eBar } = factors.slopes[m][l];
  const { data: a, adjoint: aBar } = factors.rows[m];
  const { data: delta, adjoint: deltaBar } = factors.deltas[m];
  for (let i = 0, at = 0; i < count; i++) {
    const weight = weights[i];
    const pull = weight * delta[i * units + unit];
    let pullBar = 0;
    for (let q = from; q < to; q++) {
      const place = (q * count + i) * units + unit;
      const bend = weight * x[place];
      let bendBar = 0;
      let row = i * height;
      let slope = (q * count + i) * inputs;
      for (const end = row + inputs; row < end; row++, slope++, at++) {
        const bar = bars[at];
        bendBar += bar * a[row];
        pullBar += bar * e[slope];
        aBar[row] += bar * bend;
        eBar[slope] += bar * pull;
      }
      if (height > inputs) {
        bendBar += bars[at] * a[row];
        aBar[row] += bars[at++] * bend;
      }
      xBar[place] += weight * bendBar;
    }
    deltaBar[i * units + unit] += weight * pullBar;
  }
}

/** Entry (r, s) of column q stands in row (q − from, r) and column s; in H with its mirror image. */
function scatter(
  matrix: Tensor,
  { data: values, shape: [rows, columns] }: Tensor,
  { unit, from, to }: Place,
  upper: Int32Array,
  lower: Int32Array,
): void {
  const height = rows / (to - from);
  for (let row = 0; row < rows; row++) {
    const ofRow = upper[unit * height + (row % height)];
    const q = from + Math.floor(row / height);
    scatterRun(matrix, ofRow, lower, q * columns, values, row * columns, columns);
  }
}
