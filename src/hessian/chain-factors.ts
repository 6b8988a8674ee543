import { weightsOf } from "../nn/dense/architecture.js";
import type { FinishedPass } from "../nn/dense/forward.js";
import type { CurvaturePart } from "../nn/dense/tangents.js";
import { loss as lossOf } from "../nn/losses.js";
import { keptColumns, keptTranspose, keptView } from "../tensor/kept-view.js";
import { gemm } from "../tensor/matmul.js";
import { scratch, uninitialized } from "../tensor/scratch.js";
import type { Tensor } from "../tensor/view.js";
import { type ChainFactors, columnRuns, type LayerJets, pullBackChain } from "./chain-pullback.js";
import {
  everyAdjoint,
  type FactorSet,
  type FactorSource,
  type SampleVectors,
  type Slopes,
  sampleMatrices,
  sampleRows,
  symmetricMatrices,
  type Tap,
  widthOf,
} from "./factors.js";

/** The factors of a chain of dense layers, by recursion from its end to its beginning. */
export function chainSource(finished: FinishedPass): FactorSource {
  const { net, batch } = finished;
  // Without the activations, which may be the user's: threads are told of taps.
  const taps = net.layers.map(
    ({ inputs, units, bias, weights, biases }): Tap => ({ inputs, units, bias, weights, biases }),
  );
  return {
    taps,
    size: net.size,
    weights: batch.weights,
    isDiagonal: (m, l) => l === m - 1,
    create: (count, differentiate) => createChainFactors(finished, taps, count, differentiate),
  };
}

/** @param finished whose memory is read anew whenever the factors are filled */
function createChainFactors(
  finished: FinishedPass,
  taps: readonly Tap[],
  count: number,
  differentiate: boolean,
): FactorSet {
  const { layers, outputs } = finished.net;
  const bars = (length: number) => scratch(differentiate ? length : 0);
  const none = new Float64Array(0);
  const perLayer = <Made>(make: (units: number) => Made) => layers.map(({ units }) => make(units));
  const curvature = layers.map(({ units }, m) =>
    layers
      .slice(0, m + 1)
      .map((below, l) =>
        l === m
          ? symmetricMatrices(count, units, differentiate)
          : sampleMatrices(count, units, below.units, differentiate),
      ),
  );
  const slopes = layers.map(({ inputs }, m) =>
    layers
      .slice(0, m)
      .map(
        ({ units }, l): Slopes =>
          l === m - 1
            ? { ...sampleRows(none, units, bars(count * units)), diagonal: true }
            : { ...sampleMatrices(count, inputs, units, differentiate), diagonal: false },
      ),
  );
  const like = (vectors: readonly (readonly SampleVectors[])[]) =>
    vectors.map((row) => row.map(({ data }) => bars(data.length)));
  const factors = {
    taps,
    count,
    weights: none,
    rows: layers.map((layer, l) =>
      sampleRows(none, widthOf(layer), bars(l === 0 ? 0 : count * widthOf(layer))),
    ),
    deltas: perLayer((units) => sampleRows(uninitialized(count * units), units, bars(count * units))),
    curvature,
    slopes,
    jets: perLayer((): LayerJets => ({ first: none, second: none, third: none })),
    returned: perLayer((units) => uninitialized(count * units)),
    unscaled: differentiate ? like(curvature) : curvature.map((row) => row.map(({ data }) => data)),
    slopeBars: perLayer((units) => bars(count * units)),
    bendBars: perLayer((units) => bars(count * units)),
    runs: layers.map(({ units }, l) => columnRuns(l, units)),
    lossScratch: { s: scratch(outputs * outputs), means: scratch(outputs) },
    unscaledSlopes: differentiate ? like(slopes) : slopes.map((row) => row.map(({ data }) => data)),
  };
  const adjoints = everyAdjoint(factors);
  let start = -1;
  return Object.assign(factors, {
    fill(from: number, part: CurvaturePart = "hessian") {
      // The pass writes to the same memory at every theta.
      if (from !== start) point(factors, finished, from);
      start = from;
      fillDeltas(factors, finished, from, part);
      fillLossCurvature(factors, finished, from, part);
      for (let l = layers.length - 2; l >= 0; l--) extend(factors, finished, l, part);
    },
    adjoints,
    pullBack(out: Float64Array) {
      pullBackChain(factors, finished, start, out);
    },
    toInputs(out: Float64Array) {
      const [first] = layers;
      // Where the pullback has left the adjoint of z.
      const zBar = keptView(factors.slopeBars[0], count, first.units);
      gemm(keptView(out, count, first.inputs), zBar, weightsOf(first, finished.theta), 1, 1);
    },
  });
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Lets what the forward pass computed of these samples be seen where it lies. */
function point(factors: ChainFactors, { batch, pass }: FinishedPass, from: number): void {
  const { count } = factors;
  const part = (data: Float64Array, width: number) => data.subarray(from * width, (from + count) * width);
  (factors as Writable<ChainFactors>).weights = part(batch.weights, 1);
  factors.taps.forEach(({ units }, l) => {
    const { rows, first, second, third } = pass.layers[l];
    (factors.rows[l] as Writable<SampleVectors>).data = part(rows.data, rows.shape[1]);
    Object.assign(factors.jets[l], {
      first: part(first, units),
      second: part(second, units),
      third: part(third, units),
    });
    if (l > 0) (factors.slopes[l][l - 1] as Writable<Slopes>).data = factors.jets[l - 1].first;
  });
}

/** δ of the last layer is r; δ = φ′ ∘ g below. */
function fillDeltas(
  { taps, count, deltas, jets, returned }: ChainFactors,
  { net, theta, pass }: FinishedPass,
  from: number,
  part: CurvaturePart,
): void {
  const last = taps.length - 1;
  const { outputs: K } = net;
  if (part === "gauss-newton") {
    for (const { data } of deltas) data.fill(0);
    return;
  }
  deltas[last].data.set(pass.residuals.subarray(from * K, (from + count) * K));
  for (let l = last - 1; l >= 0; l--) {
    const { units } = taps[l];
    const above = net.layers[l + 1];
    gemm(
      keptView(returned[l], count, units),
      keptView(deltas[l + 1].data, count, above.units),
      weightsOf(above, theta),
    );
    const delta = deltas[l].data;
    const { first } = jets[l];
    const g = returned[l];
    for (let at = 0; at < delta.length; at++) delta[at] = first[at] * g[at];
  }
}

/** X of the last layer with itself is S. */
function fillLossCurvature(
  { taps, count, curvature, lossScratch: { s } }: ChainFactors,
  { net, pass }: FinishedPass,
  from: number,
  part: CurvaturePart,
): void {
  const last = taps.length - 1;
  const K = net.outputs;
  const { data } = curvature[last][last];
  if (part === "residual") {
    data.fill(0);
    return;
  }
  const evaluate = lossOf(net.loss).curvature;
  for (let i = 0; i < count; i++) {
    evaluate(pass.logits.data, pass.means, (from + i) * K, K, s);
    for (let q = 0, at = 0; q < K; q++) {
      const column = (q * count + i) * K;
      for (let p = 0; p < K; p++, at++) data[column + p] = s[at];
    }
  }
}

/** From the factors that end at layer l + 1 to those that end at layer l: a product with W^{l+1}, then φ′. */
function extend(factors: ChainFactors, { net, theta }: FinishedPass, l: number, part: CurvaturePart): void {
  const { taps, count, curvature, slopes, jets, returned, unscaled } = factors;
  const above = net.layers[l + 1];
  const w = weightsOf(above, theta);
  const h = taps[l].units;
  const { first, second } = jets[l];
  const bends = part !== "gauss-newton";

  for (let m = l + 1; m < taps.length; m++) {
    const width = count * taps[m].units;
    gemm(
      keptView(unscaled[m][l], h, width),
      keptTranspose(w),
      keptView(curvature[m][l + 1].data, above.units, width),
    );
    scaleColumns(curvature[m][l].data, unscaled[m][l], first, count, h, taps[m].units);
  }
  if (bends) extendSlopes(factors, w, l);
  // E is multiplied by δ alone, which is 0 in G.
  else for (let m = l + 2; m < taps.length; m++) slopes[m][l].data.fill(0);

  const below = unscaled[l][l];
  const g = returned[l];
  const mixed = curvature[l + 1][l].data;
  const own = curvature[l][l].data;
  for (const { from, to, rows } of factors.runs[l]) {
    gemm(
      keptView(below, (to - from) * count, rows, from * count * h, h),
      keptView(mixed, (to - from) * count, above.units, from * count * above.units),
      keptColumns(w, 0, rows),
    );
    for (let q = from; q < to; q++) {
      const start = q * count * h;
      const end = l === 0 ? q + 1 : rows;
      scaleFirstRows(own, below, first, start, count, h, end);
      if (bends) for (let i = 0, p = q; i < count; i++, p += h) own[start + p] += second[p] * g[p];
    }
  }
}

/**
 * The first `rows` of a column of D Y, of all samples: of four at once, since rows are few. D is `count` × h, and so is the column, from
 * `start` on. `out` may be `y`.
 */
function scaleFirstRows(
  out: Float64Array,
  y: Float64Array,
  d: Float64Array,
  start: number,
  count: number,
  h: number,
  rows: number,
): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    for (let p = i * h, at = start + p; p < i * h + rows; p++, at++) {
      out[at] = y[at] * d[p];
      out[at + h] = y[at + h] * d[p + h];
      out[at + 2 * h] = y[at + 2 * h] * d[p + 2 * h];
      out[at + 3 * h] = y[at + 3 * h] * d[p + 3 * h];
    }
  }
  for (; i < count; i++) for (let p = i * h; p < i * h + rows; p++) out[start + p] = y[start + p] * d[p];
}

/** From the slopes by layer l + 1 to those by layer l, of all inputs above layer l + 1. */
function extendSlopes(
  { taps, count, slopes, jets, unscaledSlopes }: ChainFactors,
  w: Tensor,
  l: number,
): void {
  const h = taps[l].units;
  for (let m = l + 2; m < taps.length; m++) {
    const { inputs } = taps[m];
    const out = unscaledSlopes[m][l];
    if (m === l + 2) scaleRows(out, w, jets[l + 1].first, count);
    else {
      const above = taps[l + 1].units;
      const width = count * inputs;
      gemm(keptView(out, h, width), keptTranspose(w), keptView(slopes[m][l + 1].data, above, width));
    }
    scaleColumns(slopes[m][l].data, out, jets[l].first, count, h, inputs);
  }
}

/** out = Z diag d for every sample. */
function scaleColumns(
  out: Float64Array,
  z: Float64Array,
  d: Float64Array,
  count: number,
  columns: number,
  rows: number,
): void {
  for (let q = 0, at = 0; q < columns; q++) {
    for (let i = 0; i < count; i++) {
      const scale = d[i * columns + q];
      for (const end = at + rows; at < end; at++) out[at] = z[at] * scale;
    }
  }
}

/** out = diag d · W for every sample. */
function scaleRows(out: Float64Array, w: Tensor, d: Float64Array, count: number): void {
  const [rows, columns] = w.shape;
  const { data, offset } = w;
  for (let q = 0, at = 0; q < columns; q++) {
    for (let i = 0, from = 0; i < count; i++) {
      for (let r = 0; r < rows; r++, at++, from++) out[at] = d[from] * data[offset + r * columns + q];
    }
  }
}
