// npm run bench:draws: how good estimates of ∇B from a few samples of a mini-batch are, by the number of samples and by what
// they are drawn. Digits, 64-32-10, at three points of training: 2,000 draws from four batches of 64, against the
// bound of the batch and that of all samples. No time is measured.
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

const [BATCH, BATCHES, DRAWS] = [64, 4, 500];
const counts = [8, 16];
const steps = [100, 1000, 6000];

const net = threeLayerNet({ inputs: 64, hidden: 32, outputs: 10 });
const data = digits();
const N = data.y.length;

/** Samples of a batch with their Hessians' traces and inner products, and the gradients of all these. */
interface Pairs {
  readonly sizes: Readonly<Record<string, Float64Array>>;
  /** t_i = tr H_i, and ∇t_i. */
  readonly traces: Float64Array;
  readonly traceGradients: readonly Float64Array[];
  /** k_ij = ⟨H_i, H_j⟩ at i·b + j, and ∇k_ij for i ≤ j. */
  readonly products: Float64Array;
  readonly productGradients: readonly Float64Array[];
}

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

const mixed = (sizes: Float64Array, uniform: number) => {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => ((1 - uniform) * size) / total + uniform / sizes.length);
};

console.log(`digits, 64-32-10, batches of ${BATCH} of ${N}; ${DRAWS} draws from each of ${BATCHES} batches`);
for (const count of steps) {
  const theta = trained(count);
  const whole = wsUpperBoundAndGradient(net, theta, data).gradient;
  const { loss } = lossAndGradient(net, theta, data);
  console.log(`\nafter ${count} steps: loss ${loss.toFixed(4)}`);
  const batches = Array.from({ length: BATCHES }, (_, at) => {
    const indices = randomStream(at, "batch").permutation(N).subarray(0, BATCH);
    const batch = selectSamples(data, indices);
    return { pairs: pairsOf(theta, batch), batch: wsUpperBoundAndGradient(net, theta, batch).gradient };
  });
  console.log(
    `the batch's own ∇B: cosine with that of all ${mean(batches.map(({ batch }) => cosine(batch, whole))).toFixed(3)}`,
  );
  console.log(
    "q".padEnd(20) +
      "design".padEnd(24) +
      "m".padStart(3) +
      "  cos batch  10 %    cos all   ‖·‖/‖∇B‖ med, 99 %   tr H² ± se        ∇tr H² off (se)",
  );
  for (const q of Object.keys(batches[0].pairs.sizes))
    for (const design of Object.keys(designs)) for (const m of counts) report(q, design, m, batches, whole);
}

function report(
  q: string,
  design: string,
  m: number,
  batches: readonly { readonly pairs: Pairs; readonly batch: Float64Array }[],
  whole: Float64Array,
): void {
  const stream = randomStream(m, q, design);
  const [near, far, lengths, squares, offs]: number[][] = [[], [], [], [], []];
  for (const { pairs, batch } of batches) {
    const shares = mixed(pairs.sizes[q], 0);
    const truth = combined(pairs, plain(new Float64Array(BATCH).fill(1 / BATCH)));
    const sum = new Float64Array(net.size);
    let spread = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const found = combined(pairs, designs[design](shares, m, stream));
      squares.push(found.square / truth.square);
      found.squareGradient.forEach((slope, k) => {
        sum[k] += slope / DRAWS;
        spread += (slope - truth.squareGradient[k]) ** 2 / DRAWS;
      });
      const gradient = found.bound();
      if (!gradient) continue;
      near.push(cosine(gradient, batch));
      far.push(cosine(gradient, whole));
      lengths.push(length(gradient) / length(batch));
    }
    const off = length(sum.map((slope, k) => slope - truth.squareGradient[k]));
    offs.push(off / Math.sqrt(spread / DRAWS));
  }
  const sorted = lengths.sort((a, b) => a - b);
  const lowest = near.slice().sort((a, b) => a - b)[Math.floor(near.length / 10)];
  const error = Math.sqrt(mean(squares.map((s) => (s - mean(squares)) ** 2)) / squares.length);
  console.log(
    q.padEnd(20) +
      design.padEnd(24) +
      `${m}`.padStart(3) +
      mean(near).toFixed(3).padStart(10) +
      lowest.toFixed(3).padStart(8) +
      mean(far).toFixed(3).padStart(10) +
      `${sorted[sorted.length >> 1].toFixed(2)}, ${sorted[Math.floor(0.99 * sorted.length)].toFixed(2)}`.padStart(
        20,
      ) +
      `${mean(squares).toFixed(3)} ± ${error.toFixed(3)}`.padStart(18) +
      mean(offs).toFixed(2).padStart(10),
  );
}

/** tr H² of weighted samples with its gradient, and ∇B from them. */
function combined(pairs: Pairs, { weights, apart, own }: Draw) {
  const chosen = Array.from(weights.keys()).filter((i) => weights[i] > 0);
  let [traceSquared, square] = [0, 0];
  const squareGradient = new Float64Array(net.size);
  for (const i of chosen) {
    for (const j of chosen) {
      if (j < i) continue;
      const scale = (i === j ? own(i) : 2 * apart) * weights[i] * weights[j];
      square += scale * pairs.products[i * BATCH + j];
      traceSquared += scale * pairs.traces[i] * pairs.traces[j];
      add(squareGradient, scale, pairs.productGradients[i * BATCH + j]);
    }
  }
  const n = net.size;
  const bound = (): Float64Array | undefined => {
    const variance = square / n - traceSquared / n / n;
    if (!(variance > 0)) return undefined;
    const bySquare = Math.sqrt(n - 1) / (2 * n * Math.sqrt(variance));
    const gradient = squareGradient.map((slope) => bySquare * slope);
    for (const i of chosen) {
      let sum = 0;
      for (const j of chosen) sum += (i === j ? own(i) : apart) * weights[j] * pairs.traces[j];
      add(gradient, weights[i] / n - (2 * bySquare * weights[i] * sum) / n, pairs.traceGradients[i]);
    }
    return gradient;
  };
  return { square, squareGradient, bound };
}

function pairsOf(theta: Float64Array, batch: Batch): Pairs {
  const { data: p } = net.predict(theta, batch.x);
  const y = batch.y as number[];
  const b = y.length;
  const one = (i: number) => part(batch, [i]);
  const penalty = (make: typeof traceObjective, own: Batch) => {
    const [{ value, gradient }, plainLoss] = [
      make(net, own, { strength: 1 }).valueAndGradient(theta),
      lossAndGradient(net, theta, own),
    ];
    add(gradient, -1, plainLoss.gradient);
    return { value: value - plainLoss.loss, gradient };
  };
  const traces = Array.from({ length: b }, (_, i) => penalty(traceObjective, one(i)));
  const squares = Array.from({ length: b }, (_, i) => penalty(frobeniusObjective, one(i)));
  const products = new Float64Array(b * b);
  const productGradients: Float64Array[] = [];
  for (let i = 0; i < b; i++) {
    products[i * b + i] = squares[i].value;
    productGradients[i * b + i] = squares[i].gradient;
    for (let j = i + 1; j < b; j++) {
      const both = penalty(frobeniusObjective, part(batch, [i, j]));
      products[i * b + j] = 0.5 * (both.value - squares[i].value - squares[j].value);
      productGradients[i * b + j] = both.gradient.map(
        (slope, k) => 0.5 * (slope - squares[i].gradient[k] - squares[j].gradient[k]),
      );
    }
  }
  const outputs = Float64Array.from(y, (label, i) => {
    const row = p.subarray(10 * i, 10 * i + 10);
    return row.reduce((sum, each) => sum + each * (1 - each), 0) + 1 - row[label];
  });
  const { plainSizes, residualParts } = cheapSizes(theta, batch);
  const sizes = {
    uniform: new Float64Array(b).fill(1),
    "S and r": outputs,
    "S and r, ‖x‖²": outputs.map((size, i) => size * plainSizes.inputs[i]),
    "tr G": plainSizes.gaussNewton,
    "tr G and ‖R‖": plainSizes.gaussNewton.map((size, i) => size + residualParts[i]),
    "|tr H|": Float64Array.from(traces, ({ value }) => Math.abs(value)),
    "‖H‖": Float64Array.from(squares, ({ value }) => Math.sqrt(value)),
  };
  return {
    sizes,
    traces: Float64Array.from(traces, ({ value }) => value),
    traceGradients: traces.map(({ gradient }) => gradient),
    products,
    productGradients,
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
  return { plainSizes: { inputs, gaussNewton }, residualParts };
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

function cosine(a: Float64Array, b: Float64Array): number {
  return inner(a, b) / (length(a) * length(b));
}
