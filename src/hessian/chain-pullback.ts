import { type DenseLayer, weightsOf } from "../nn/dense/architecture.js";
import type { FinishedPass } from "../nn/dense/forward.js";
import { loss as lossOf } from "../nn/losses.js";
import { keptColumns, keptTranspose, keptView } from "../tensor/kept-view.js";
import { gemm } from "../tensor/matmul.js";
import { addColumnSums } from "../tensor/reduce.js";
import type { Tensor } from "../tensor/view.js";
import type { Factors } from "./factors.js";

/** What a chain's factors are computed from and pulled back through. */
export interface ChainFactors extends Factors {
  /** φ′, φ″ and φ‴ of each layer, N × h. */
  readonly jets: readonly LayerJets[];
  /** g = W^{l+1}ᵀ δ^{l+1}, what comes back to the output of layer l (N × h). */
  readonly returned: readonly Float64Array[];
  /** Yᵐˡ, what Xᵐˡ is before its columns, or for m = l its rows, are multiplied by φ′. */
  readonly unscaled: readonly (readonly Float64Array[])[];
  /** What slopes are before that. */
  readonly unscaledSlopes: readonly (readonly Float64Array[])[];
  /** Scratch of a pullback: adjoints of φ′ and of φ″ ∘ g, N × h for each layer. */
  readonly slopeBars: readonly Float64Array[];
  readonly bendBars: readonly Float64Array[];
  /** Of Xˡˡ the columns that are computed at once. */
  readonly runs: readonly (readonly ColumnRun[])[];
  /** K·K and K. */
  readonly lossScratch: { readonly s: Float64Array; readonly means: Float64Array };
}

export interface LayerJets {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly third: Float64Array;
}

/**
 * From the adjoints of a chain's factors (bars) to the parameters, added to `out` (n). The recursion backwards:
 *
 *   Xˡˡ = D Yˡˡ + diag(φ″ ∘ g),  Yˡˡ = W^{l+1}ᵀ X^{l+1,l},  Xᵐˡ = Yᵐˡ D,  Yᵐˡ = X^{m,l+1} W^{l+1},  δ = φ′ ∘ g,
 *   g = W^{l+1}ᵀ δ^{l+1},  and E like X, from E = φ′(z^{l+1}) W^{l+1} D on
 *
 * then the forward pass. All is linear in the adjoints, which are overwritten.
 */
export function pullBackChain(
  factors: ChainFactors,
  finished: FinishedPass,
  from: number,
  out: Float64Array,
): void {
  const { taps, slopeBars } = factors;
  for (const bars of slopeBars) bars.fill(0);
  for (const bars of factors.bendBars) bars.fill(0);
  for (let l = 0; l < taps.length - 1; l++) pullBackStep(factors, finished, l, out);
  const zBars = pullBackDeltas(factors, finished, out);
  pullBackLoss(factors, finished, from, zBars[taps.length - 1]);
  backpropagate(factors, finished, zBars, out);
}

/** Columns at a time of a matrix of which the upper triangle is enough. */
const RUN = 8;

/** Columns `from` … `to` − 1 of matrices, of which the first `rows` rows are needed. */
interface ColumnRun {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** The columns of Xˡˡ (h × h): of the first layer its upper triangle is enough, the others' are multiplied with once more. */
export function columnRuns(l: number, h: number): readonly ColumnRun[] {
  if (l > 0) return [{ from: 0, to: h, rows: h }];
  return Array.from({ length: Math.ceil(h / RUN) }, (_, at) => {
    const to = Math.min((at + 1) * RUN, h);
    return { from: at * RUN, to, rows: to };
  });
}

/** One step of the recursion, from the factors that end at layer l to those that end at l + 1. */
function pullBackStep(
  factors: ChainFactors,
  { net, theta }: FinishedPass,
  l: number,
  out: Float64Array,
): void {
  const { taps, count, curvature, slopes, jets, unscaled, unscaledSlopes, slopeBars } = factors;
  const above = net.layers[l + 1];
  const w = weightsOf(above, theta);
  const wBar = weightsOf(above, out);
  const h = taps[l].units;
  const { first } = jets[l];
  const slopeBar = slopeBars[l];
  const bendBar = factors.bendBars[l];

  const own = curvature[l][l].adjoint;
  const mixed = curvature[l + 1][l];
  const below = unscaled[l][l];
  for (const { from, to, rows } of factors.runs[l]) {
    for (let q = from; q < to; q++) {
      for (let i = 0; i < count; i++) {
        const row = i * h;
        const start = (q * count + i) * h;
        bendBar[row + q] += own[start + q];
        // Below the diagonal of the first layer's adjoints are 0.
        const end = l === 0 ? q + 1 : rows;
        for (let p = 0; p < end; p++) {
          const bar = own[start + p];
          slopeBar[row + p] += bar * below[start + p];
          own[start + p] = bar * first[row + p];
        }
      }
    }
    const samples = (to - from) * count;
    const start = from * count * above.units;
    const yBar = keptView(own, samples, rows, from * count * h, h);
    gemm(
      keptView(mixed.adjoint, samples, above.units, start),
      yBar,
      keptTranspose(keptColumns(w, 0, rows)),
      1,
      1,
    );
    gemm(
      keptColumns(wBar, 0, rows),
      keptTranspose(keptView(mixed.data, samples, above.units, start)),
      yBar,
      1,
      1,
    );
  }

  for (let m = l + 1; m < taps.length; m++) {
    const bars = curvature[m][l].adjoint;
    scaleColumnsBack(bars, unscaled[m][l], first, slopeBar, count, h, taps[m].units);
    pullBackProduct(bars, curvature[m][l + 1], w, wBar);
  }
  for (let m = l + 1; m < taps.length; m++) {
    const { adjoint: bars } = slopes[m][l];
    if (m === l + 1) {
      for (let at = 0; at < bars.length; at++) slopeBar[at] += bars[at];
      continue;
    }
    scaleColumnsBack(bars, unscaledSlopes[m][l], first, slopeBar, count, h, taps[m].inputs);
    if (m > l + 2) pullBackProduct(bars, slopes[m][l + 1], w, wBar);
    else scaleRowsBack(bars, w, wBar, jets[l + 1].first, slopeBars[l + 1], count);
  }
}

/** For X = Y diag d: the adjoint of d; and of Y, in the place of X's. */
function scaleColumnsBack(
  bars: Float64Array,
  y: Float64Array,
  d: Float64Array,
  dBar: Float64Array,
  count: number,
  columns: number,
  rows: number,
): void {
  for (let q = 0, at = 0; q < columns; q++) {
    for (let i = 0; i < count; i++) {
      const scale = d[i * columns + q];
      let sum = 0;
      for (const end = at + rows; at < end; at++) {
        sum += bars[at] * y[at];
        bars[at] *= scale;
      }
      dBar[i * columns + q] += sum;
    }
  }
}

/** For Y = Z W with Z and Y column by column, from the adjoint of Y. */
function pullBackProduct(
  bars: Float64Array,
  { data, adjoint }: { readonly data: Float64Array; readonly adjoint: Float64Array },
  w: Tensor,
  wBar: Tensor,
): void {
  const [inner, columns] = w.shape;
  const width = bars.length / columns;
  const yBar = keptView(bars, columns, width);
  gemm(keptView(adjoint, inner, width), w, yBar, 1, 1);
  gemm(wBar, keptView(data, inner, width), keptTranspose(yBar), 1, 1);
}

/** For Y = diag d · W. */
function scaleRowsBack(
  bars: Float64Array,
  w: Tensor,
  wBar: Tensor,
  d: Float64Array,
  dBar: Float64Array,
  count: number,
): void {
  const [rows, columns] = w.shape;
  const { data: entries, offset } = w;
  const { data: out, offset: outOffset } = wBar;
  for (let q = 0, at = 0; q < columns; q++) {
    for (let i = 0, to = 0; i < count; i++) {
      for (let r = 0, entry = q; r < rows; r++, at++, to++, entry += columns) {
        dBar[to] += bars[at] * entries[offset + entry];
        out[outOffset + entry] += bars[at] * d[to];
      }
    }
  }
}

/** The adjoints of every z, but for what comes through the layers above; δ upwards from the first layer. */
function pullBackDeltas(
  { taps, count, deltas, jets, returned, slopeBars, bendBars }: ChainFactors,
  { net, theta }: FinishedPass,
  out: Float64Array,
): readonly Float64Array[] {
  // In the place of what they are made from.
  const returnedBars = bendBars;
  const zBars = slopeBars;
  for (let l = 0; l < taps.length - 1; l++) {
    const above = net.layers[l + 1];
    const { first, second, third } = jets[l];
    const g = returned[l];
    const deltaBar = deltas[l].adjoint;
    for (let at = 0; at < g.length; at++) {
      const bend = bendBars[l][at];
      zBars[l][at] = (slopeBars[l][at] + g[at] * deltaBar[at]) * second[at] + third[at] * g[at] * bend;
      returnedBars[l][at] = first[at] * deltaBar[at] + second[at] * bend;
    }
    const gBar = keptView(returnedBars[l], count, taps[l].units);
    const delta = deltas[l + 1];
    gemm(weightsOf(above, out), keptTranspose(keptView(delta.data, count, above.units)), gBar, 1, 1);
    gemm(keptView(delta.adjoint, count, above.units), gBar, keptTranspose(weightsOf(above, theta)), 1, 1);
  }
  return zBars;
}

/** The adjoint of the logits: S (p̄ + r̄), where p̄ comes from S. */
function pullBackLoss(
  { taps, count, curvature, deltas, lossScratch: { s: sBar, means: meanBar } }: ChainFactors,
  { net, pass }: FinishedPass,
  from: number,
  logitBar: Float64Array,
): void {
  const last = taps.length - 1;
  const K = net.outputs;
  const { curvatureAdjoint } = lossOf(net.loss);
  const { data: S, adjoint } = curvature[last][last];
  for (let i = 0; i < count; i++) {
    for (let q = 0; q < K; q++) {
      for (let p = 0; p < K; p++)
        sBar[q * K + p] = 0.5 * (adjoint[(q * count + i) * K + p] + adjoint[(p * count + i) * K + q]);
    }
    for (let k = 0; k < K; k++) meanBar[k] = deltas[last].adjoint[i * K + k];
    curvatureAdjoint(pass.means, (from + i) * K, K, sBar, meanBar);
    for (let q = 0; q < K; q++) {
      let sum = 0;
      for (let p = 0; p < K; p++) sum += S[(q * count + i) * K + p] * meanBar[p];
      logitBar[i * K + q] = sum;
    }
  }
}

/** Ordinary backpropagation, to which every layer adds what came to its own z and rows. */
export function backpropagate(
  {
    taps,
    count,
    rows,
    jets,
  }: Pick<ChainFactors, "taps" | "count" | "rows"> & {
    readonly jets: readonly Pick<LayerJets, "first">[];
  },
  { net, theta }: Pick<FinishedPass, "net" | "theta">,
  zBars: readonly Float64Array[],
  out: Float64Array,
): void {
  for (let l = taps.length - 1; l >= 0; l--) {
    const layer: DenseLayer = net.layers[l];
    const zBar = keptView(zBars[l], count, layer.units);
    const { data, adjoint, width } = rows[l];
    const inputs = keptColumns(keptView(data, count, width), 0, layer.inputs);
    gemm(weightsOf(layer, out), keptTranspose(zBar), inputs, 1, 1);
    if (layer.bias) addColumnSums(out, layer.biases, zBar);
    if (l === 0) return;
    const inputBar = keptColumns(keptView(adjoint, count, width), 0, layer.inputs);
    gemm(inputBar, zBar, weightsOf(layer, theta), 1, 1);
    const { first } = jets[l - 1];
    const below = zBars[l - 1];
    for (let i = 0, at = 0; i < count; i++) {
      for (let r = 0, bar = i * width; r < layer.inputs; r++, at++, bar++)
        below[at] += first[at] * adjoint[bar];
    }
  }
}
