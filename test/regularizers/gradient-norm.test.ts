import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  lossObjective,
  minibatchObjective,
  minimize,
  type Objective,
  objectiveOf,
  selectSamples,
  sgd,
} from "../../src/index.js";
import { gradientNormObjective } from "../../src/regularizers/index.js";
import { cases, makeCase } from "../cases.js";
import { quadratic } from "../optim/quadratic.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { net, x, y } from "../small-network.js";

const problem = makeCase({ size: [20, 3, 4, 3], weighted: true });

/** ½ Σ c_i θ_i² with its products c∘v. */
const curved = (curvatures: readonly number[]): Objective => ({
  ...quadratic(curvatures),
  hessianVectorProduct: (_, v) => Float64Array.from(curvatures, (c, i) => c * v[i]),
});

describe("gradientNormObjective", () => {
  it("is what a quadratic says: g = c∘θ, and the gradient gains c∘g/‖g‖ or 2c∘g", () => {
    const c = [3, -1, 0.5];
    const theta = Float64Array.of(1, 2, -4);
    const g = [3, -2, -2];
    const length = Math.sqrt(17);
    const f = curved(c);
    const first = gradientNormObjective(f, { strength: 0.2 }).valueAndGradient(theta);
    expectNear(first.value, f.value(theta) + 0.2 * length, 1e-15, 10);
    expectClose(
      first.gradient,
      g.map((entry, i) => entry + (0.2 * c[i] * entry) / length),
      1e-15,
    );
    const second = gradientNormObjective(f, { strength: 0.2, squared: true }).valueAndGradient(theta);
    expectNear(second.value, f.value(theta) + 0.2 * 17, 1e-15, 10);
    expectClose(
      second.gradient,
      g.map((entry, i) => entry + 0.4 * c[i] * entry),
      1e-15,
    );
  });

  it("has gradient 0 where g = 0, so that a stationary point is one of the sum", () => {
    for (const squared of [false, true]) {
      const objective = gradientNormObjective(curved([3, 1]), { strength: 0.2, squared });
      const { value, gradient } = objective.valueAndGradient(new Float64Array(2));
      expect(value).toBe(0);
      expect(gradient).toEqual(new Float64Array(2));
    }
  });

  it("does not overflow or underflow on the way to H g/‖g‖", () => {
    for (const scale of [1e-200, 1e200]) {
      const objective = gradientNormObjective(curved([3, 1]), { strength: 0.5 });
      const { gradient } = objective.valueAndGradient(Float64Array.of(scale, 0));
      expectClose(gradient, [3 * scale + 1.5, 0], 1e-15);
    }
  });

  it.each(cases.filter((_, at) => at % 25 === 0))(
    "is the loss at strength 0, and the same bits every time: $name",
    ({ net, theta, batch }) => {
      const loss = lossObjective(net, batch);
      expect(gradientNormObjective(loss, { strength: 0 }).valueAndGradient(theta)).toEqual(
        loss.valueAndGradient(theta),
      );
      const objective = gradientNormObjective(loss, { strength: 0.4 });
      const first = objective.valueAndGradient(theta);
      objective.gradient(theta.map((entry) => -entry));
      expect(objective.valueAndGradient(theta)).toEqual(first);
    },
  );

  it("goes on to the same bits in mini-batches", () => {
    const make = () =>
      minibatchObjective({ count: 20, batchSize: 6, seed: 3 }, (samples) =>
        gradientNormObjective(lossObjective(problem.net, selectSamples(problem.batch, samples)), {
          strength: 0.05,
        }),
      );
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
    const whole = minimize(make(), problem.theta, optimizer, { steps: 20 });
    const half = minimize(make(), problem.theta, optimizer, { steps: 9 });
    expect(minimize(make(), half.theta, optimizer, { steps: 11, from: half })).toEqual(whole);
  });

  it("needs products: an objective without is refused", () => {
    const without = objectiveOf(1, () => ({ value: 0, gradient: new Float64Array(1) }));
    expect(() => gradientNormObjective(without, { strength: 1 })).toThrow(
      /expected an objective with hessianVectorProduct/,
    );
  });
});

describe("gradientNormObjective refuses", () => {
  const partial = { size: 2 } as never;
  const batch = { x, y };
  const nothing = undefined as never;
  const f = lossObjective(net, batch);
  refusals(ArgumentError, "invalid-argument", [
    ["the gradient of a size", () => gradientNormObjective(partial, { strength: 1 }), /objective\.value/],
    [
      "no objective to penalise",
      () => gradientNormObjective(nothing, { strength: 1 }),
      /gradientNormObjective: .*objective/,
    ],
    [
      "no options of a gradient's norm",
      () => gradientNormObjective(f, nothing),
      /gradientNormObjective: .*options/,
    ],
    ["a negative gradient's norm", () => gradientNormObjective(f, { strength: -1 }), /strength.*≥ 0/],
    [
      "squared that is neither",
      () => gradientNormObjective(f, { strength: 1, squared: 2 as never }),
      /squared to be true or false, got 2/,
    ],
    [
      "an objective without products",
      () => gradientNormObjective(quadratic([1]), { strength: 1 }),
      /an objective with hessianVectorProduct, got object.*lossObjective.*minibatchObjective/,
    ],
  ]);
});
