// node bench/dist/coverage.js [seeds]: how often the intervals of estimates hold the truth, and how far estimates are off.
import {
  type Batch,
  exactHessian,
  lossObjective,
  minimize,
  multilayerNet,
  type Network,
  randomStream,
  selectSamples,
  sequential,
  sgd,
  spectralMoments,
  tensor,
  threeLayerNet,
  wsBounds,
} from "flatward";
import { matrixMoments } from "flatward/bounds";
import { meanEstimate } from "flatward/hsr";

const seeds = Number(process.argv[2] ?? 2000);

interface Problem {
  readonly name: string;
  readonly net: Network;
  readonly theta: Float64Array;
  readonly batch: Batch;
}

/** Classes in the plane of the first two features; trained where steps are given. */
function problem(name: string, net: Network, samples: number, steps = 0): Problem {
  const draws = randomStream(1, name);
  const x = tensor(
    Float64Array.from({ length: samples * net.inputs }, () => draws.normal()),
    [samples, net.inputs],
  );
  const y = Int32Array.from({ length: samples }, (_, i) =>
    Math.floor(
      (Math.atan2(x.data[i * net.inputs + 1], x.data[i * net.inputs]) / Math.PI + 1) * 0.4999 * net.outputs,
    ),
  );
  const batch = { x, y };
  const objective = lossObjective(net, batch);
  const { theta } = minimize(objective, net.init(1), sgd({ learningRate: 0.5 }), { steps });
  return { name, net, theta, batch };
}

const deep = multilayerNet({ sizes: [4, 6, 5, 3] });
const convolution = sequential({
  input: [1, 6, 6],
  layers: [
    { kind: "conv2d", channels: 3, kernel: 3 },
    { kind: "tanh" },
    { kind: "averagePool2d", size: 2 },
    { kind: "flatten" },
    { kind: "dense", outputs: 3 },
  ],
});
const problems = [
  problem("dense 3-4-3", threeLayerNet({ inputs: 3, hidden: 4, outputs: 3 }), 12),
  problem("dense 4-6-5-3", deep, 60),
  problem("the same, trained", deep, 60, 1500),
  problem("convolution", convolution, 20),
];

const rate = (hits: number) => `${((100 * hits) / seeds).toFixed(1)} %`.padStart(9);

/** The 97.5 % points of Student's t. */
const student: Readonly<Record<number, number>> = { 10: 2.262157, 50: 2.009575, 100: 1.984217 };

const BATCHES = 50;
const population = 60;
console.log(
  `Mini-batches of ${population} samples, ${seeds} seeds: mean over the truth, and share of the intervals from ${BATCHES} batches each that hold it`,
);
console.log(
  `${"network".padEnd(20)}${"batch".padStart(7)}${"tr H² unbiased".padStart(28)}${"tr H² plain".padStart(28)}`,
);
for (const { name, net, theta, batch } of [problems[1], problems[2]]) {
  const truth = spectralMoments(net, theta, batch).frobeniusSquared;
  for (const size of [4, 16]) {
    const kinds = { unbiased: { hits: 0, sum: 0 }, plain: { hits: 0, sum: 0 } };
    for (let seed = 0; seed < seeds; seed++) {
      const draws = randomStream(seed, "batches");
      const values = { unbiased: [] as number[], plain: [] as number[] };
      for (let k = 0; k < BATCHES; k++) {
        const picked = selectSamples(batch, Array.from(draws.permutation(population).subarray(0, size)));
        values.plain.push(spectralMoments(net, theta, picked).frobeniusSquared);
        values.unbiased.push(
          spectralMoments(net, theta, picked, { estimator: "unbiased", population }).frobeniusSquared,
        );
      }
      for (const kind of ["unbiased", "plain"] as const) {
        const { value, interval } = meanEstimate(Float64Array.from(values[kind]));
        kinds[kind].sum += value / truth / seeds;
        if (interval.lower <= truth && truth <= interval.upper) kinds[kind].hits++;
      }
    }
    const columns = [kinds.unbiased, kinds.plain].map(({ sum, hits }) =>
      `${sum.toFixed(3)} ${rate(hits)}`.padStart(28),
    );
    console.log(`${name.padEnd(20)}${String(size).padStart(7)}${columns.join("")}`);
  }
}

console.log(
  `\nEstimates from products, ${seeds} seeds: share of intervals that hold the truth; value ± t·standardError beside it`,
);
console.log(
  `${"network".padEnd(20)}${"probes".padStart(7)}${"tr H".padStart(20)}${"tr H²".padStart(20)}${"B".padStart(20)}`,
);
for (const { name, net, theta, batch } of problems) {
  const truth = matrixMoments(exactHessian(net, theta, batch));
  const bound = wsBounds(truth).largest.upper;
  for (const samples of [10, 50, 100]) {
    const hits = [0, 0, 0];
    const plain = [0, 0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const found = spectralMoments(net, theta, batch, { method: "estimate", samples, seed });
      const { standardErrors, intervals, upperBound } = found;
      const each = [
        [truth.trace, found.trace, standardErrors.trace, intervals.trace],
        [
          truth.frobeniusSquared,
          found.frobeniusSquared,
          standardErrors.frobeniusSquared,
          intervals.frobeniusSquared,
        ],
        [bound, upperBound.value, upperBound.standardError, upperBound.interval],
      ] as const;
      each.forEach(([exact, value, error, { lower, upper }], k) => {
        if (lower <= exact && exact <= upper) hits[k]++;
        if (Math.abs(value - exact) <= student[samples] * error) plain[k]++;
      });
    }
    const columns = hits.map((count, k) => `${rate(count)} ${rate(plain[k])}`.padStart(20));
    console.log(`${name.padEnd(20)}${String(samples).padStart(7)}${columns.join("")}`);
  }
}
