// npm run bench:draws: how good estimates of ∇B from m samples of a mini-batch are, by what these are drawn, with replacement
// ("independent") or without. Digits, 64-32-10, at three points of training: 2,000 draws from four batches of 64. No time is
// measured. Columns, g the batch's own ∇B and ĝ the estimate, where the unbiased designs take their derivatives by the
// moments at the batch's own: cosine of ĝ with g, on average and of the worst tenth; with ∇B of all samples; ⟨ĝ, g⟩/‖g‖² and
// its interval, which holds 1 where nothing is biased; ‖mean ĝ − g‖ in standard errors, about 1 likewise; E‖ĝ − E ĝ‖²/‖g‖²;
// tr H² over the batch's, and its interval.
import { readFileSync } from "node:fs";
import {
  type Batch,
  lossAndGradient,
  lossObjective,
  minibatchObjective,
  minimize,
  type Network,
  type RandomStream,
  randomStream,
  selectSamples,
  sgd,
  threeLayerNet,
  wsUpperBoundAndGradient,
} from "flatward";
import { frobeniusObjective, traceObjective } from "flatward/regularizers";
import { matmul, type Tensor, tensor, transpose } from "flatward/tensor";

const [BATCH, BATCHES, DRAWS] = [64, 4, 500];
const counts = [4, 8, 16, 32];
const steps = [100, 1000, 6000];

const net = threeLayerNet({ inputs: 64, hidden: 32, outputs: 10 });
const data = digits();
const N = data.y.length;

/** A batch, and inner products of what ∇B is made of: ∇k_ij for i ≤ j at `pairAt`, then ∇t_i. */
interface Parts {
  /** What samples are drawn by. */
  readonly sizes: Readonly<Record<string, Float64Array>>;
  /** t_i = tr H_i. */
  readonly traces: Float64Array;
  /** k_ij = ⟨H_i, H_j⟩. */
  readonly products: Float64Array;
  /** Of the parts with each other. */
  readonly gram: Tensor;
  /** With ∇B of the batch, and of all samples. */
  readonly toBatch: Float64Array;
  readonly toWhole: Float64Array;
  /** ‖∇B‖² of the batch, and its cosine with that of all samples. */
  readonly square: number;
  readonly cosine: number;
}

const PAIRS = (BATCH * (BATCH + 1)) / 2;
const pairAt = (i: number, j: number) => i * BATCH - (i * (i - 1)) / 2 + j - i;

/** A draw: weights of the batch's samples, and what multiplies their pairs. */
interface Draw {
  readonly weights: Float64Array;
  readonly apart: number;
  readonly own: (i: number) => number;
}

type Design = (shares: Float64Array, m: number, stream: RandomStream) => Draw;

const plain = (weights: Float64Array): Draw => ({ weights, apart: 1, own: () => 1 });

const designs: Readonly<Record<string, Design>> = {
  "systematic, plain"(shares, m, stream) {
    const start = stream.uniform();
    let [along, drawn] = [0, 0];
    return plain(
      shares.map((share) => {
        along += m * share;
        const times = Math.max(Math.ceil(along - start), drawn) - drawn;
        drawn += times;
        return times === 0 ? 0 : times / (m * share) / BATCH;
      }),
    );
  },
  "independent, plain": (shares, m, stream) => plain(independent(shares, m, stream)),
  "independent, unbiased"(shares, m, stream) {
    const weights = independent(shares, m, stream);
    return { weights, apart: m / (m - 1), own: (i) => 1 / (weights[i] * BATCH) };
  },
  "Poisson, unbiased"(shares, m, stream) {
    const chances = inclusion(shares, m);
    const weights = chances.map((chance) => (stream.uniform() < chance ? 1 / chance / BATCH : 0));
    return { weights, apart: 1, own: (i) => chances[i] };
  },
};

function independent(shares: Float64Array, m: number, stream: RandomStream): Float64Array {
  const weights = new Float64Array(shares.length);
  for (let draw = 0; draw < m; draw++) {
    let left = stream.uniform();
    let i = 0;
    while (i < shares.length - 1 && left >= shares[i]) left -= shares[i++];
    weights[i] += 1 / (m * shares[i]) / BATCH;
  }
  return weights;
}

/** min(1, c·share) that add up to m. */
function inclusion(shares: Float64Array, m: number): Float64Array {
  let scale = m;
  for (let round = 0; round < 50; round++) {
    const full = shares.reduce((sum, share) => sum + (scale * share >= 1 ? 1 : 0), 0);
    const rest = shares.reduce((sum, share) => sum + (scale * share >= 1 ? 0 : share), 0);
    scale = (m - full) / rest;
  }
  return shares.map((share) => Math.min(1, scale * share));
}

function sharesOf(sizes: Float64Array): Float64Array {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => size / total);
}

console.log(`digits, 64-32-10, batches of ${BATCH} of ${N}; ${DRAWS} draws from each of ${BATCHES} batches`);
for (const count of steps) {
  const theta = trained(count);
  const whole = wsUpperBoundAndGradient(net, theta, data).gradient;
  const { loss } = lossAndGradient(net, theta, data);
  console.log(`\nafter ${count} steps: loss ${loss.toFixed(4)}`);
  const batches = Array.from({ length: BATCHES }, (_, at) => {
    const indices = randomStream(at, "batch").permutation(N).subarray(0, BATCH);
    return partsOf(theta, selectSamples(data, indices), whole);
  });
  const own = mean(batches.map((batch) => batch.cosine));
  console.log(`the batch's own ∇B: cosine with that of all ${own.toFixed(3)}`);
  console.log(
    "q".padEnd(16) +
      "design".padEnd(24) +
      "m".padStart(3) +
      "  cos batch    10 %  cos all        along, 95 %     off   variance        tr H², 95 %",
  );
  for (const q of Object.keys(batches[0].sizes))
    for (const design of Object.keys(designs))
      for (const m of counts) report(q, design, m, batches, length(whole));
}

function report(q: string, design: string, m: number, batches: readonly Parts[], wholeLength: number): void {
  const stream = randomStream(m, q, design);
  const [near, far, along, squares, offs, variances]: number[][] = [[], [], [], [], [], []];
  for (const parts of batches) {
    const { toBatch, toWhole, square } = parts;
    const shares = sharesOf(parts.sizes[q]);
    const truth = combined(parts, plain(new Float64Array(BATCH).fill(1 / BATCH)));
    const average = new Float64Array(toBatch.length);
    let meanSquare = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const found = combined(parts, designs[design](shares, m, stream));
      squares.push(found.square / truth.square);
      const slopes = found.bound(design.endsWith("unbiased") ? truth.variance : found.variance);
      const own = quadratic(parts.gram, slopes);
      const size = Math.sqrt(own);
      near.push(size > 0 ? linear(toBatch, slopes) / size / Math.sqrt(square) : 0);
      far.push(size > 0 ? linear(toWhole, slopes) / size / wholeLength : 0);
      along.push(linear(toBatch, slopes) / square);
      slopes.forEach((slope, at) => {
        average[at] += slope / DRAWS;
      });
      meanSquare += own / DRAWS;
    }
    const ofAverage = new Map(average.entries());
    const middle = quadratic(parts.gram, ofAverage);
    const variance = meanSquare - middle;
    offs.push(Math.sqrt((middle - 2 * linear(toBatch, ofAverage) + square) / (variance / DRAWS)));
    variances.push(variance / square);
  }
  const lowest = near.slice().sort((a, b) => a - b)[Math.floor(near.length / 10)];
  const interval = (values: readonly number[]) => {
    const middle = mean(values);
    const error = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)) / values.length);
    return `${middle.toFixed(3)} ± ${(1.96 * error).toFixed(3)}`;
  };
  console.log(
    q.padEnd(16) +
      design.padEnd(24) +
      `${m}`.padStart(3) +
      mean(near).toFixed(3).padStart(11) +
      lowest.toFixed(3).padStart(8) +
      mean(far).toFixed(3).padStart(9) +
      interval(along).padStart(19) +
      mean(offs).toFixed(2).padStart(8) +
      mean(variances).toPrecision(3).padStart(11) +
      interval(squares).padStart(19),
  );
}

/** Slopes of parts, by their places. */
type Slopes = ReadonlyMap<number, number>;

function linear(by: Float64Array, slopes: Slopes): number {
  let sum = 0;
  for (const [at, slope] of slopes) sum += slope * by[at];
  return sum;
}

function quadratic({ data, shape }: Tensor, slopes: Slopes): number {
  const places = Int32Array.from(slopes.keys());
  const by = Float64Array.from(slopes.values());
  let sum = 0;
  for (let k = 0; k < places.length; k++) {
    const row = places[k] * shape[1];
    let inRow = 0.5 * by[k] * data[row + places[k]];
    for (let l = 0; l < k; l++) inRow += by[l] * data[row + places[l]];
    sum += 2 * by[k] * inRow;
  }
  return sum;
}

/** tr H² of weighted samples, the variance of H's eigenvalues that it tells, and ∇B where this is `variance`. */
function combined({ products, traces }: Parts, { weights, apart, own }: Draw) {
  const chosen = Array.from(weights.keys()).filter((i) => weights[i] > 0);
  const n = net.size;
  let [traceSquared, square] = [0, 0];
  const byPairs = new Map<number, number>();
  const byTraces = new Float64Array(BATCH);
  for (const i of chosen) {
    for (const j of chosen) {
      const scale = (i === j ? own(i) : apart) * weights[i] * weights[j];
      byTraces[i] += 2 * scale * traces[j];
      if (j < i) continue;
      const often = i === j ? scale : 2 * scale;
      square += often * products[pairAt(i, j)];
      traceSquared += often * traces[i] * traces[j];
      byPairs.set(pairAt(i, j), often);
    }
  }
  const bound = (variance: number): Slopes => {
    const bySquare = variance > 0 ? Math.sqrt(n - 1) / (2 * n * Math.sqrt(variance)) : 0;
    const slopes = new Map<number, number>();
    for (const [at, often] of byPairs) slopes.set(at, bySquare * often);
    for (const i of chosen) slopes.set(PAIRS + i, weights[i] / n - (bySquare * byTraces[i]) / n);
    return slopes;
  };
  return { square, variance: square / n - traceSquared / n / n, bound };
}

function partsOf(theta: Float64Array, batch: Batch, whole: Float64Array): Parts {
  const penalty = (make: typeof traceObjective, indices: readonly number[]) => {
    const own = part(batch, indices);
    const { value, gradient } = make(net, own, { strength: 1 }).valueAndGradient(theta);
    const loss = lossAndGradient(net, theta, own);
    add(gradient, -1, loss.gradient);
    return { value: value - loss.loss, gradient };
  };
  const each = Array.from({ length: BATCH }, (_, i) => i);
  const traces = each.map((i) => penalty(traceObjective, [i]));
  const squares = each.map((i) => penalty(frobeniusObjective, [i]));
  const products = new Float64Array(PAIRS);
  const gradients: Float64Array[] = [];
  for (const i of each) {
    for (const j of each.slice(i)) {
      const { value, gradient } = i === j ? squares[i] : penalty(frobeniusObjective, [i, j]);
      // ‖H_i + H_j‖² = ‖H_i‖² + ‖H_j‖² + 2k_ij.
      const apart = i !== j;
      products[pairAt(i, j)] = apart ? 0.5 * (value - squares[i].value - squares[j].value) : value;
      gradients[pairAt(i, j)] = apart
        ? gradient.map((slope, k) => 0.5 * (slope - squares[i].gradient[k] - squares[j].gradient[k]))
        : gradient;
    }
  }
  for (const { gradient } of traces) gradients.push(gradient);
  const flat = new Float64Array(gradients.length * net.size);
  gradients.forEach((gradient, at) => {
    flat.set(gradient, at * net.size);
  });
  const rows = tensor(flat, [gradients.length, net.size]);
  const own = wsUpperBoundAndGradient(net, theta, batch).gradient;
  return {
    sizes: sizesOf(theta, batch, {
      "|tr H|": Float64Array.from(traces, ({ value }) => Math.abs(value)),
      "‖H‖": Float64Array.from(squares, ({ value }) => Math.sqrt(value)),
    }),
    traces: Float64Array.from(traces, ({ value }) => value),
    products,
    gram: matmul(rows, transpose(rows)),
    toBatch: Float64Array.from(gradients, (gradient) => inner(gradient, own)),
    toWhole: Float64Array.from(gradients, (gradient) => inner(gradient, whole)),
    square: inner(own, own),
    cosine: inner(own, whole) / length(own) / length(whole),
  };
}

function sizesOf(theta: Float64Array, batch: Batch, exact: Parts["sizes"]): Parts["sizes"] {
  const { data: p } = net.predict(theta, batch.x);
  const outputs = Float64Array.from(batch.y as number[], (label, i) => {
    const row = p.subarray(10 * i, 10 * i + 10);
    return row.reduce((sum, each) => sum + each * (1 - each), 0) + 1 - row[label];
  });
  const { inputs, gaussNewton, residualParts } = cheapSizes(theta, batch);
  return {
    uniform: new Float64Array(BATCH).fill(1),
    "S and r": outputs,
    "S and r, ‖x‖²": outputs.map((size, i) => size * inputs[i]),
    "tr G": gaussNewton,
    "tr G and ‖R‖": gaussNewton.map((size, i) => size + residualParts[i]),
    ...exact,
  };
}

/** tr G_i, and the norms of parts of R_i, for one hidden layer of tanh: what a forward and a backward pass know. */
function cheapSizes(theta: Float64Array, batch: Batch) {
  const [d, h, K] = [64, 32, 10];
  const [w1, b1, w2, b2] = [0, h * d, h * d + h, h * d + h + K * h];
  const x = Array.from((batch.x as { data: Float64Array }).data);
  const y = batch.y as number[];
  const inputs = new Float64Array(y.length);
  const gaussNewton = new Float64Array(y.length);
  const residualParts = new Float64Array(y.length);
  y.forEach((label, i) => {
    const row = x.slice(i * d, i * d + d);
    const a = Array.from({ length: h }, (_, q) =>
      Math.tanh(theta[b1 + q] + row.reduce((sum, value, k) => sum + theta[w1 + q * d + k] * value, 0)),
    );
    const u = Array.from(
      { length: K },
      (_, c) => theta[b2 + c] + a.reduce((sum, v, q) => sum + theta[w2 + c * h + q] * v, 0),
    );
    const top = Math.max(...u);
    const e = u.map((value) => Math.exp(value - top));
    const all = e.reduce((p, q) => p + q);
    const p = e.map((value) => value / all);
    const r = p.map((value, c) => value - (c === label ? 1 : 0));
    const below = 1 + row.reduce((sum, value) => sum + value * value, 0);
    const above = 1 + a.reduce((sum, value) => sum + value * value, 0);
    inputs[i] = below + above;
    let size = above * p.reduce((sum, value) => sum + value * (1 - value), 0);
    let rest = 0;
    let slopes = 0;
    for (let q = 0; q < h; q++) {
      const column = p.map((_, c) => theta[w2 + c * h + q]);
      const m = column.reduce((sum, w, c) => sum + w * p[c], 0);
      const variance = column.reduce((sum, w, c) => sum + p[c] * (w - m) * (w - m), 0);
      const slope = 1 - a[q] * a[q];
      size += below * variance * slope * slope;
      const back = column.reduce((sum, w, c) => sum + w * r[c], 0);
      rest += (below * 2 * a[q] * slope * back) ** 2;
      slopes += slope * slope;
    }
    rest += 2 * below * slopes * r.reduce((sum, value) => sum + value * value, 0);
    gaussNewton[i] = size;
    residualParts[i] = Math.sqrt(rest);
  });
  return { inputs, gaussNewton, residualParts };
}

/** Samples of weight 1. */
function part(batch: Batch, indices: readonly number[]): Batch {
  const { x, y } = selectSamples(batch, indices);
  return { x, y, weights: indices.map(() => 1) };
}

function trained(count: number): Float64Array {
  const objective = minibatchObjective({ count: N, batchSize: BATCH, seed: 1 }, (samples) =>
    lossObjective(net as Network, selectSamples(data, samples)),
  );
  return minimize(objective, net.init(1), sgd({ learningRate: 0.2 }), { steps: count }).theta;
}

/** Standardized features. */
function digits(): { readonly x: number[][]; readonly y: number[] } {
  const path = new URL("../../lab/data/digits.csv", import.meta.url);
  const rows = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));
  const x = rows.map((row) => row.slice(0, 64));
  for (let k = 0; k < 64; k++) {
    const middle = mean(x.map((row) => row[k]));
    const deviation = Math.sqrt(mean(x.map((row) => (row[k] - middle) ** 2)));
    for (const row of x) row[k] = deviation > 0 ? (row[k] - middle) / deviation : 0;
  }
  return { x, y: rows.map((row) => row[64]) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function add(out: Float64Array, scale: number, a: Float64Array): void {
  for (let k = 0; k < out.length; k++) out[k] += scale * a[k];
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function length(a: Float64Array): number {
  return Math.sqrt(inner(a, a));
}
