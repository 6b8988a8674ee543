import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  lossObjective,
  minibatchObjective,
  objectiveOf,
  randomStream,
  selectSamples,
} from "../../src/index.js";
import { gradientNoise } from "../../src/landscape/index.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { symmetric } from "../oracles/plain-matrix.js";
import { refusals } from "../refusals.js";
import { net, theta, x, y } from "../small-network.js";

const n = 3;

describe("gradient noise", () => {
  // L_i = ½‖θ − x_i‖²: the noise of a batch of B of N without replacement is (N − B)/(N − 1) · Cov(x)/B, at any θ.
  const count = 24;
  const stream = randomStream(8, "gradient-noise-test");
  const x = Array.from({ length: count }, () => Float64Array.of(stream.normal(), stream.normal(0, 3), 1));
  const meanOf = (samples: ArrayLike<number>) => {
    const mean = new Float64Array(n);
    for (const i of Array.from(samples))
      x[i].forEach((entry, j) => {
        mean[j] += entry / samples.length;
      });
    return mean;
  };
  const on = (samples: ArrayLike<number>) => {
    const mean = meanOf(samples);
    return objectiveOf(n, (theta) => ({ value: 0, gradient: theta.map((entry, j) => entry - mean[j]) }));
  };
  const all = x.map((_, i) => i);
  const centre = meanOf(all);
  const C = (batchSize: number) =>
    symmetric(n, (i, j) => {
      const covariance = x.reduce(
        (sum, row) => sum + ((row[i] - centre[i]) * (row[j] - centre[j])) / count,
        0,
      );
      return ((count - batchSize) / (count - 1)) * (covariance / batchSize);
    });
  const theta = Float64Array.of(5, -1, 2);

  it.each([1, 4, 8])(
    "of batches of %i has the trace and covariance of sampling without replacement",
    (batchSize) => {
      const batches = minibatchObjective({ count, batchSize, seed: 5 }, on);
      const steps = 6000;
      const found = gradientNoise(on(all), batches, theta, { learningRate: 0.1, steps, covariance: true });
      const wanted = C(batchSize);
      const trace = wanted.data[0] + wanted.data[4] + wanted.data[8];
      expect(Math.abs(found.trace.value - trace)).toBeLessThan(4 * found.trace.standardError + 1e-12 * trace);
      expectNear(found.trace.value, trace, 0.05);
      expectClose(found.covariance?.data as Float64Array, wanted.data, 0.05);
      expectNear(found.temperature, (0.1 * found.trace.value) / (2 * n), 1e-15);
    },
  );

  it("of all samples at once is none, and the temperature 0", () => {
    const { trace, temperature, covariance } = gradientNoise(
      on(all),
      minibatchObjective({ count, batchSize: count, seed: 5 }, on),
      theta,
      { learningRate: 0.1, steps: 10 },
    );
    expectNear(trace.value, 0, 1e-25, 1);
    expectNear(temperature, 0, 1e-25, 1);
    expect(covariance).toBeUndefined();
  });
});

describe("gradientNoise refuses", () => {
  const objective = lossObjective(net, { x, y });
  const nothing = undefined as never;
  const steps = { learningRate: 0.1, steps: 4 };
  const batches = minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, (samples) =>
    lossObjective(net, selectSamples({ x, y }, samples)),
  );
  refusals(ArgumentError, "invalid-argument", [
    [
      "no options of batches",
      () => gradientNoise(objective, batches, theta, nothing),
      /gradientNoise: .*steps \}/,
    ],
    ["one step", () => gradientNoise(objective, batches, theta, { ...steps, steps: 1 }), /steps.*≥ 2/],
    [
      "a rate of noise",
      () => gradientNoise(objective, batches, theta, { ...steps, learningRate: 0 }),
      /gradientNoise: .*learningRate/,
    ],
    [
      "a flag that is none",
      () => gradientNoise(objective, batches, theta, { ...steps, covariance: 1 as never }),
      /covariance to be true or false/,
    ],
    [
      "what draws nothing",
      () => gradientNoise(objective, objective, theta, steps),
      /a stochastic objective.*minibatchObjective/,
    ],
    [
      "no stochastic objective",
      () => gradientNoise(objective, nothing, theta, steps),
      /gradientNoise: .*objective/,
    ],
  ]);
});
