// npm run bench:stability: how many runs of HSR blow up that plain descent with the same learning rate and seed does not: over
// learning rates, strengths and clips, everything else by default. Iris on full batches, digits on batches of 64. No time is
// measured.
import { readFileSync } from "node:fs";
import {
  type Batch,
  hsrObjective,
  lossObjective,
  minibatchObjective,
  minimize,
  type Objective,
  selectSamples,
  sgd,
  threeLayerNet,
} from "flatward";

/** Runs that blew up, and runs in all, by problem and clip. */
const totals = new Map<string, [blown: number, runs: number]>();

const seeds = [1, 2, 3, 4];
const strengths = [0.05, 0.5, 5];
const clips = [0.5, 1, 2, "none"] as const;

const problems = [
  { name: "iris", hidden: 8, steps: 400, batchSize: undefined, rates: [0.1, 0.5, 1, 2, 4] },
  { name: "digits", hidden: 32, steps: 250, batchSize: 64, rates: [0.1, 0.4, 1, 2] },
];

for (const { name, hidden, steps, batchSize, rates } of problems) {
  const { x, y, classes } = standardized(name);
  const data: Batch = { x, y };
  const net = threeLayerNet({ inputs: x[0].length, hidden, outputs: classes });
  const loss = lossObjective(net, data);
  const plain = (seed: number): Objective =>
    batchSize === undefined
      ? loss
      : minibatchObjective({ count: y.length, batchSize, seed }, (samples) =>
          lossObjective(net, selectSamples(data, samples)),
        );
  /** Infinity where it overflowed. */
  const end = (objective: Objective, seed: number, learningRate: number): number => {
    try {
      return loss.value(minimize(objective, net.init(seed), sgd({ learningRate }), { steps }).theta);
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  };
  const startOf = (seed: number) => loss.value(net.init(seed));
  for (const rate of rates) {
    const descended = new Map(seeds.map((seed) => [seed, end(plain(seed), seed, rate)]));
    // Where plain descent converges.
    const converged = seeds.filter((seed) => (descended.get(seed) as number) < 0.5 * startOf(seed));
    for (const clip of clips) {
      for (const strength of strengths) {
        const losses = converged.map((seed) =>
          end(hsrObjective(net, data, { strength, clip, seed, batchSize }), seed, rate),
        );
        const blown = losses.filter((value, at) => !(value < startOf(converged[at]))).length;
        const [before, runs] = totals.get(`${name}, clip ${clip}`) ?? [0, 0];
        totals.set(`${name}, clip ${clip}`, [before + blown, runs + losses.length]);
        console.log(
          `${name}, learning rate ${rate}, clip ${clip}, strength ${strength}: ${blown} of ${losses.length} blew up; loss ${median(losses).toFixed(4)} (${Math.max(...losses).toFixed(4)}), plain ${median([...descended.values()]).toFixed(4)}`,
        );
      }
    }
  }
}

console.log();
for (const [which, [blown, runs]] of totals) console.log(`${which}: ${blown} of ${runs} blew up`);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Features of mean 0 and variance 1, and labels, which are the last column. */
function standardized(name: string): {
  readonly x: number[][];
  readonly y: number[];
  readonly classes: number;
} {
  const path = new URL(`../../lab/data/${name}.csv`, import.meta.url);
  const rows = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
  const x = rows.map((row) => row.slice(0, -1).map(Number));
  const labels = [...new Set(rows.map((row) => row[row.length - 1]))];
  const y = rows.map((row) => labels.indexOf(row[row.length - 1]));
  for (let k = 0; k < x[0].length; k++) {
    const mean = x.reduce((sum, row) => sum + row[k], 0) / x.length;
    const deviation = Math.sqrt(x.reduce((sum, row) => sum + (row[k] - mean) ** 2, 0) / x.length);
    for (const row of x) row[k] = deviation > 0 ? (row[k] - mean) / deviation : 0;
  }
  return { x, y, classes: labels.length };
}
