import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  curvatureSummary,
  hessianUsam,
  minibatchObjective,
  minimize,
  type Objective,
  type Optimizer,
  objectiveOf,
  penaltySam,
  ShapeError,
  sam,
  sgd,
  twoStepUsam,
  weightDecayObjective,
} from "../../src/index.js";
import { directionalDerivatives, epsilonSharpness, gradientNoise } from "../../src/landscape/index.js";
import { clipped, derivedObjective, penalizedObjective } from "../../src/optim/index.js";
import { gradientNormObjective, noiseObjective } from "../../src/regularizers/index.js";
import { refusals } from "../refusals.js";

describe("objectiveOf refuses", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "an objective of no size",
      () => objectiveOf(undefined as never, () => ({}) as never),
      /objectiveOf: .*size/,
    ],
    [
      "an objective of no function",
      () => objectiveOf(2, 3 as never),
      /objectiveOf: .*valueAndGradient.*got 3/,
    ],
  ]);
});

/** f = θ₀² + 10 θ₁² + θ₀³, written with care. */
const careful: Objective = {
  size: 2,
  value: ([x, y]) => x * x + 10 * y * y + x * x * x,
  gradient: ([x, y]) => Float64Array.of(2 * x + 3 * x * x, 20 * y),
  valueAndGradient: (theta) => ({ value: careful.value(theta), gradient: careful.gradient(theta) }),
  hessianVectorProduct: ([x], [v, w]) => Float64Array.of((2 + 6 * x) * v, 20 * w),
};

/** The same from functions that keep one buffer for all results, and spoil whatever they are given. */
function careless(): Objective {
  const buffer = new Float64Array(2);
  const spoiling = (result: Float64Array, ...given: Float64Array[]): Float64Array => {
    buffer.set(result);
    for (const vector of given) vector.fill(7);
    return buffer;
  };
  return {
    size: 2,
    value(theta) {
      const value = careful.value(theta);
      spoiling(new Float64Array(2), theta);
      return value;
    },
    gradient: (theta) => spoiling(careful.gradient(theta), theta),
    valueAndGradient: (theta) => ({
      value: careful.value(theta),
      gradient: spoiling(careful.gradient(theta), theta),
    }),
    // In place: v is its own result.
    hessianVectorProduct(theta, v) {
      v.set(careful.hessianVectorProduct?.(theta, v) as Float64Array);
      spoiling(new Float64Array(2), theta);
      return v;
    },
    hessianAt(theta) {
      const [x] = theta;
      theta.fill(7);
      return (v, out) => {
        out[0] = (2 + 6 * x) * v[0];
        out[1] = 20 * v[1];
        spoiling(new Float64Array(2), v);
      };
    },
  };
}

describe("objectives that reuse memory or change what they are given", () => {
  const uses: Readonly<Record<string, (objective: Objective, theta: Float64Array) => unknown>> = {
    ...Object.fromEntries(
      Object.entries({ sgd, sam, twoStepUsam, hessianUsam, penaltySam }).map(([name, make]) => [
        `minimize with ${name}`,
        (objective: Objective, theta: Float64Array) =>
          minimize(
            objective,
            theta,
            make(
              (name === "sgd" ? { learningRate: 0.01 } : { learningRate: 0.01, radius: 0.05 }) as never,
            ) as Optimizer,
            {
              steps: 3,
            },
          ),
      ]),
    ),
    "one step of sam": (objective, theta) => {
      const optimizer = sam({ learningRate: 0.01, radius: 0.05 });
      return optimizer.step(objective, theta, optimizer.initialState(2));
    },
    weightDecayObjective: (objective, theta) =>
      twice(weightDecayObjective(objective, { strength: 1 }), theta),
    noiseObjective: (objective, theta) =>
      twice(noiseObjective(objective, { deviation: 0.1, seed: 1 }), theta),
    gradientNormObjective: (objective, theta) =>
      twice(gradientNormObjective(objective, { strength: 1 }), theta),
    clipped: (objective, theta) => twice(clipped(objective, { norm: 1 }), theta),
    minibatchObjective: (objective, theta) =>
      twice(
        minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, () => objective),
        theta,
      ),
    "curvatureSummary, dense": (objective, theta) => curvatureSummary(objective, theta),
    "curvatureSummary, estimated": (objective, theta) =>
      curvatureSummary(objective, theta, { denseLimit: 0 }),
    directionalDerivatives: (objective, theta) =>
      directionalDerivatives(objective, theta, Float64Array.of(1, 2)),
    epsilonSharpness: (objective, theta) => epsilonSharpness(objective, theta, { radius: 0.1 }),
    gradientNoise: (objective, theta) => {
      const noisy = noiseObjective(objective, { deviation: 0.1, seed: 1 });
      return gradientNoise(objective, noisy, theta, { learningRate: 0.1, steps: 3 });
    },
  };

  /** Everything that it computes, asked for twice. */
  function twice(objective: Objective, theta: Float64Array): unknown[] {
    const v = Float64Array.of(1, -1);
    return [1, 2].flatMap(() => [
      objective.value(theta),
      objective.gradient(theta),
      objective.valueAndGradient(theta),
      objective.hessianVectorProduct?.(theta, v),
      v,
    ]);
  }

  it.each(Object.entries(uses))("%s", (_, use) => {
    const theta = Float64Array.of(1, 1);
    const wanted = use(careful, theta.slice());
    expect(use(careless(), theta)).toEqual(wanted);
    expect(theta).toEqual(Float64Array.of(1, 1));
    const { size, valueAndGradient, ...more } = careless();
    expect(use(objectiveOf(size, valueAndGradient, more), theta)).toEqual(wanted);
  });

  it("keep what they keep: a constant gradient stays as it is", () => {
    const constant = Float64Array.of(1, 2);
    const line = objectiveOf(2, (theta) => ({ value: constant[0] * theta[0], gradient: constant }));
    const decayed = weightDecayObjective(line, { strength: 0.5 });
    for (let i = 0; i < 3; i++) expect(decayed.gradient(Float64Array.of(1, 1))[0]).toBe(1.5);
    line.gradient(Float64Array.of(0, 0)).fill(9);
    expect(constant).toEqual(Float64Array.of(1, 2));
  });

  it("are refused where a product adds to what it finds", () => {
    const adding: Objective = {
      ...careful,
      hessianAt: () => (v, out) => {
        for (let i = 0; i < 2; i++) out[i] += 2 * v[i];
      },
    };
    expect(() => curvatureSummary(adding, Float64Array.of(1, 1))).toThrow(/H·v to be finite, got NaN/);
  });

  it("let an optimizer of the caller's own change theta in place", () => {
    const inPlace: Optimizer<null> = {
      name: "in place",
      hyperparameters: {},
      initialState: () => null,
      step(objective, theta, state) {
        const { value, gradient } = objective.valueAndGradient(theta);
        theta.forEach((_, i) => {
          theta[i] -= 0.01 * gradient[i];
        });
        return { theta, state, value, gradientNorm: Math.hypot(...gradient) };
      },
    };
    const run = minimize(careful, Float64Array.of(1, 1), inPlace, { steps: 5 });
    expect(run.value).toBe(careful.value(run.theta));
    const same = minimize(careful, Float64Array.of(1, 1), sgd({ learningRate: 0.01 }), { steps: 5 });
    expect(run.theta).toEqual(same.theta);
  });

  it("and an observer change the theta it sees", () => {
    const plain = minimize(careful, Float64Array.of(1, 1), sgd({ learningRate: 0.01 }), { steps: 5 });
    const seen = minimize(careful, Float64Array.of(1, 1), sgd({ learningRate: 0.01 }), {
      steps: 5,
      onStep: ({ theta }) => theta.fill(0),
    });
    expect(seen).toEqual(plain);
  });
});

describe("objectives of vectors of another length", () => {
  const short = objectiveOf(2, () => ({ value: 1, gradient: new Float64Array(1) }));
  refusals(ShapeError, "shape-mismatch", [
    [
      "a gradient",
      () => minimize(short, new Float64Array(2), sgd({ learningRate: 1 }), { steps: 1 }),
      /minimize: expected the gradient to be a Float64Array of length 2/,
    ],
  ]);
});

describe("penalties and objectives around others, of the caller's own", () => {
  const shared = new Float64Array(2);
  const linear = {
    size: 2,
    value: () => 1,
    valueAndGradient: () => ({ value: 1, gradient: shared.fill(1) }),
  };
  const penalty = { value: () => 2, valueAndGradient: () => ({ value: 2, gradient: shared.fill(5) }) };

  it("may share memory", () => {
    const sum = penalizedObjective(linear, 0.5, penalty);
    expect(sum.valueAndGradient(new Float64Array(2))).toEqual({
      value: 2,
      gradient: Float64Array.of(3.5, 3.5),
    });
    const double = derivedObjective(careless(), {
      value: (theta) => 2 * careful.value(theta),
      valueAndGradient: (theta) => ({
        value: 2 * careful.value(theta),
        gradient: careful.gradient(theta).map((g) => 2 * g),
      }),
      hessianVectorProduct: (product) => (theta, v) => product(theta, v).map((entry) => 2 * entry),
    });
    const v = Float64Array.of(1, 1);
    expect(double.hessianVectorProduct?.(Float64Array.of(1, 1), v)).toEqual(Float64Array.of(16, 40));
  });

  refusals(ArgumentError, "invalid-argument", [
    [
      "a negative strength",
      () => penalizedObjective(linear, -1, penalty),
      /penalizedObjective: expected strength/,
    ],
    [
      "no penalty",
      () => penalizedObjective(linear, 1, undefined as never),
      /penalizedObjective: expected penalty/,
    ],
    [
      "no derivation",
      () => derivedObjective(careful, undefined as never),
      /derivedObjective: expected options to be an object, got undefined; at least/,
    ],
    [
      "no objective",
      () => derivedObjective({} as never, { value: () => 0, valueAndGradient: careful.valueAndGradient }),
      /derivedObjective: expected objective\.size/,
    ],
  ]);
});
