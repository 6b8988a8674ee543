import { describe, expect, it } from "vitest";
import {
  lossAndGradient,
  lossObjective,
  minibatchObjective,
  minimize,
  type Objective,
  randomStream,
  selectSamples,
  sequential,
  sgd,
} from "../../../src/index.js";
import {
  gradientNormObjective,
  noiseObjective,
  weightDecayObjective,
} from "../../../src/regularizers/index.js";
import { tensor } from "../../../src/tensor/index.js";
import { optimizers } from "../../optim/optimizers.js";

const net = sequential({
  input: [1, 6, 6],
  layers: [
    { kind: "conv2d", channels: 3, kernel: 3 },
    { kind: "batchNorm" },
    { kind: "relu" },
    { kind: "maxPool2d", size: 2 },
    { kind: "flatten" },
    { kind: "dropout", rate: 0.1 },
    { kind: "dense", outputs: 2 },
  ],
});

/** Images with a bright row (0) or a bright column (1) somewhere, and noise. */
const draws = randomStream(12);
const labels = Array.from({ length: 60 }, (_, i) => i % 2);
const images = labels.flatMap((label) => {
  const place = draws.integer(6);
  return Array.from({ length: 36 }, (_, at) => {
    const bright = (label === 0 ? Math.floor(at / 6) : at % 6) === place;
    return (bright ? 1 : 0) + draws.normal(0, 0.1);
  });
});
const batch = { x: tensor(Float64Array.from(images), [60, 36]), y: labels };
const theta = net.init(4);
const before = lossAndGradient(net, theta, batch).loss;

const minibatches = (of: (objective: Objective) => Objective = (each) => each) =>
  minibatchObjective({ count: 60, batchSize: 20, seed: 1 }, (samples) =>
    of(lossObjective(net, selectSamples(batch, samples), { dropoutSeed: 1 })),
  );

describe("a convolutional network with batch normalisation and dropout learns", () => {
  const each = optimizers.filter(([name]) => !/cosine|steps|warm-up/.test(name));
  it.each(each)("by %s", (_, optimizer) => {
    const run = minimize(minibatches(), theta, optimizer(), { steps: 40 });
    expect(run.status).toBe("max-iterations");
    expect(lossAndGradient(net, run.theta, batch).loss).toBeLessThan(0.6 * before);
  });

  it.each<[string, (objective: Objective) => Objective]>([
    ["the gradient's norm", (objective) => gradientNormObjective(objective, { strength: 0.05 })],
    ["noise", (objective) => noiseObjective(objective, { deviation: 0.01, seed: 2 })],
    ["weight decay", (objective) => weightDecayObjective(objective, { strength: 0.001 })],
  ])("under %s as a penalty", (_, penalty) => {
    const optimizer = sgd({ learningRate: 0.05, momentum: 0.8 });
    const run = minimize(minibatches(penalty), theta, optimizer, { steps: 40 });
    expect(lossAndGradient(net, run.theta, batch).loss).toBeLessThan(0.6 * before);
  });

  it("and classifies what it has learned, frozen on its training data", () => {
    const run = minimize(minibatches(), theta, sgd({ learningRate: 0.1, momentum: 0.8 }), { steps: 120 });
    const means = net.frozen(run.theta, batch.x).predict(run.theta, batch.x).data;
    const right = labels.filter((label, i) => means[2 * i + label] > 0.5).length;
    expect(right).toBeGreaterThanOrEqual(57);
  });
});
