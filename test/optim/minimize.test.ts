import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  adam,
  hessianUsam,
  hsrObjective,
  lossObjective,
  minibatchObjective,
  minimize,
  NonFiniteError,
  type Optimizer,
  objectiveOf,
  rmsprop,
  ShapeError,
  sam,
  selectSamples,
  sgd,
} from "../../src/index.js";
import type { Progress } from "../../src/optim/index.js";
import { makeCase } from "../cases.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { theta } from "../small-network.js";
import { quadratic } from "./quadratic.js";

const exact = { every: 1, samples: "all" } as const;

const start = Float64Array.of(3, -2);
const descent = sgd({ learningRate: 0.3 });

describe("minimize", () => {
  it('ends "converged" where the gradient\'s norm is at most the tolerance, and not before', () => {
    const norms: number[] = [];
    const run = minimize(quadratic([1, 2], [1, 1]), start, descent, {
      steps: 1000,
      gradientTolerance: 1e-10,
      onStep: ({ gradientNorm }) => norms.push(gradientNorm),
    });
    expect(run.status).toBe("converged");
    expect(run.gradientNorm).toBeLessThanOrEqual(1e-10);
    expect(norms.slice(0, -1).every((norm) => norm > 1e-10)).toBe(true);
    expect(run.steps).toBe(norms.length - 1);
    expectClose(run.theta, [1, 0.5], 1e-10);
  });

  it("has converged at once where the gradient is exactly 0, without being given a tolerance", () => {
    const run = minimize(quadratic([1, 2]), new Float64Array(2), descent, { steps: 10 });
    expect(run).toMatchObject({ status: "converged", steps: 0, gradientNorm: 0 });
  });

  it('ends "max-iterations" after exactly so many steps, with the value and gradient at the last theta', () => {
    const objective = quadratic([1, 2]);
    const run = minimize(objective, start, descent, { steps: 7 });
    expect(run).toMatchObject({ status: "max-iterations", steps: 7 });
    expect(run.value).toBe(objective.value(run.theta));
    expectClose(run.theta, [3 * 0.7 ** 7, -2 * 0.4 ** 7], 1e-15);
  });

  it("evaluates theta0 when it may take no step", () => {
    const run = minimize(quadratic([1, 2]), start, descent, { steps: 0 });
    expect(run).toMatchObject({ status: "max-iterations", steps: 0, value: 8.5 });
    expect(run.theta).toEqual(start);
    expect(run.theta).not.toBe(start);
  });

  it('ends "stopped" where onStep returns false, and goes on for anything else', () => {
    const run = minimize(quadratic([1, 2]), start, descent, { steps: 50, onStep: ({ step }) => step < 4 });
    expect(run).toMatchObject({ status: "stopped", steps: 4 });
    expect(minimize(quadratic([1, 2]), start, descent, { steps: 5, onStep: () => 0 }).steps).toBe(5);
  });

  it("shows every theta once, the first and the last included", () => {
    const seen: Progress[] = [];
    const run = minimize(quadratic([1, 2]), start, descent, {
      steps: 3,
      onStep: (progress) => {
        seen.push(progress);
      },
    });
    expect(seen.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    expect(seen[0].theta).toEqual(start);
    expect(seen[3].theta).toEqual(run.theta);
  });

  it('ends "non-finite" at the last finite theta when the learning rate is too large', () => {
    // |1 − αc| = 2⁶⁰ a step: the square overflows after some nine steps.
    const seen: Float64Array[] = [];
    const run = minimize(quadratic([1]), Float64Array.of(1), sgd({ learningRate: 2 ** 60 }), {
      steps: 1000,
      onStep: ({ theta }) => {
        seen.push(theta);
      },
    });
    expect(run.status).toBe("non-finite");
    expect(run.steps).toBe(seen.length - 1);
    expect(run.theta).toEqual(seen[seen.length - 1]);
    expect([run.theta[0], run.value, run.gradientNorm].every(Number.isFinite)).toBe(true);
    expect(run.steps).toBeGreaterThan(3);
  });

  it.each([
    ["sgd", sgd({ learningRate: 1e30 })],
    ["adam", adam({ learningRate: 1e200 })],
    ["sam", sam({ learningRate: 1e30, radius: 0.1 })],
  ])("does so when training a network too, by %s", (_, optimizer) => {
    const { net, theta, batch } = makeCase({ size: [8, 2, 3, 2], loss: "poisson", activation: "softplus" });
    const objective = lossObjective(net, batch);
    const run = minimize(objective, theta, optimizer as typeof descent, { steps: 100 });
    expect(run.status).toBe("non-finite");
    expect(run.value).toBe(objective.value(run.theta));
  });

  it("throws when theta0 itself has no finite value", () => {
    const nowhere = objectiveOf(1, () => ({ value: Number.NaN, gradient: new Float64Array(1) }));
    expect(() => minimize(nowhere, Float64Array.of(1), descent, { steps: 5 })).toThrow(NonFiniteError);
  });

  it.each([
    ["a gradient that is too long", () => ({ value: 1, gradient: new Float64Array(3) })],
    ["a gradient that is too short", () => ({ value: 1, gradient: new Float64Array(1) })],
    ["a plain array", () => ({ value: 1, gradient: [0, 1] })],
    ["no gradient", () => ({ value: 1 })],
    ["nothing", () => undefined],
  ])("refuses %s, and says what it wants", (_, both) => {
    const wrong = objectiveOf(2, both as never);
    for (const optimizer of [descent, sam({ learningRate: 0.1, radius: 0.1 })]) {
      expect(() => minimize(wrong, start, optimizer as typeof descent, { steps: 5 })).toThrow(
        /minimize: expected the gradient to be a Float64Array of length 2/,
      );
    }
  });

  it("refuses products of another length", () => {
    const wrong = { ...quadratic([1, 2]), hessianVectorProduct: () => new Float64Array(1) };
    const optimizer = hessianUsam({ learningRate: 0.1, radius: 0.1 });
    expect(() => minimize(wrong, start, optimizer as never, { steps: 5 })).toThrow(
      /minimize: expected H·v to be a Float64Array of length 2/,
    );
  });

  it.each([
    ["adam", adam({ learningRate: 0.1 })],
    ["rmsprop", rmsprop({ learningRate: 0.1 })],
  ])(
    "ends %s where a square of the gradient overflows, and nothing would move any more",
    (name, optimizer) => {
      const steep = objectiveOf(1, ([x]) => ({ value: x, gradient: Float64Array.of(x < 0.5 ? 1e200 : 1) }));
      const run = minimize(steep, Float64Array.of(1), optimizer as never, { steps: 100 });
      expect(run.status).toBe("non-finite");
      expect(run.theta[0]).toBeGreaterThanOrEqual(0.5);
      const { step, initialState } = optimizer as Optimizer;
      expect(() => step(steep, Float64Array.of(0), initialState(1))).toThrow(
        new RegExp(`^${name}: expected the .+ to be finite`),
      );
    },
  );

  it("lets the objective's other errors through", () => {
    const broken = objectiveOf(1, () => {
      throw new RangeError("mine");
    });
    expect(() => minimize(broken, Float64Array.of(1), descent, { steps: 5 })).toThrow("mine");
  });

  it("leaves theta0 untouched, and gives the same bits for the same start", () => {
    const { net, theta, batch } = makeCase({ size: [12, 3, 4, 3] });
    const before = theta.slice();
    for (const make of [
      () => lossObjective(net, batch),
      () => hsrObjective(net, batch, { strength: 0.1, ...exact }),
    ]) {
      const [one, other] = [1, 2].map(() =>
        minimize(make(), theta, adam({ learningRate: 0.1 }), { steps: 40 }),
      );
      expect(one).toEqual(other);
      expect(one.value).toBeLessThan(make().value(theta));
    }
    expect(theta).toEqual(before);
  });
});

describe("a run in two parts", () => {
  it.each([
    ["sgd with momentum", () => sgd({ learningRate: 0.1, momentum: 0.9 })],
    ["adam", () => adam({ learningRate: 0.05 })],
    ["sam", () => sam({ learningRate: 0.1, radius: 0.05, momentum: 0.5 })],
  ] as const)("gives the same bits as one, also on mini-batches: %s", (_, make) => {
    const { net, theta, batch } = makeCase({ size: [23, 3, 4, 3] });
    const objective = () =>
      minibatchObjective({ count: 23, batchSize: 5, seed: 4 }, (rows) =>
        lossObjective(net, selectSamples(batch, rows)),
      );
    // One type of state for all three.
    const optimizer = make() as Optimizer<unknown>;
    const whole = minimize(objective(), theta, optimizer, { steps: 20 });
    const first = minimize(objective(), theta, optimizer, { steps: 13 });
    const second = minimize(objective(), first.theta, optimizer, {
      steps: 7,
      from: JSON.parse(JSON.stringify(first), revive),
    });
    expect(second.theta).toEqual(whole.theta);
    expect(second.steps).toBe(20);
    expect(second.state).toEqual(whole.state);
  });

  /** Float64Arrays come out of JSON as objects with numbered keys. */
  function revive(_: string, value: unknown): unknown {
    return value !== null && typeof value === "object" && "0" in value
      ? Float64Array.from(Object.values(value))
      : value;
  }
});

describe("steps that lead nowhere", () => {
  it("refuses a candidate that is not finite, even where the objective would be", () => {
    // e^−t has value and gradient 0 at t = ∞.
    const decay = objectiveOf(1, (t) => ({
      value: Math.exp(-t[0]),
      gradient: Float64Array.of(-Math.exp(-t[0])),
    }));
    const run = minimize(decay, Float64Array.of(-5), sgd({ learningRate: 1.7e308 }), { steps: 5 });
    expect(run).toMatchObject({ theta: Float64Array.of(-5), status: "non-finite", steps: 0 });
  });

  it("does not take a mini-batch without gradient for a minimum", () => {
    const targets = [0, 2];
    const objective = minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, ([sample]) =>
      objectiveOf(1, (t) => ({
        value: 0.5 * (t[0] - targets[sample]) ** 2,
        gradient: Float64Array.of(t[0] - targets[sample]),
      })),
    );
    const run = minimize(objective, Float64Array.of(0), sgd({ learningRate: 0.5 }), {
      steps: 6,
      gradientTolerance: 1e-3,
    });
    expect(run.status).toBe("max-iterations");
    expect(run.steps).toBe(6);
  });
});

describe("HSR regularization", () => {
  it("ends in a flatter place than plain descent from the same start", () => {
    const { net, theta, batch } = makeCase({ size: [40, 3, 4, 3] });
    const options = { steps: 300 };
    const bound = (at: Float64Array) =>
      hsrObjective(net, batch, { strength: 1, ...exact }).value(at) - plain.value(at);
    const plain = lossObjective(net, batch);
    const ordinary = minimize(plain, theta, descent, options);
    const flat = minimize(hsrObjective(net, batch, { strength: 0.1, ...exact }), theta, descent, options);
    expect(bound(flat.theta)).toBeLessThan(0.7 * bound(ordinary.theta));
    expect(plain.value(flat.theta)).toBeLessThan(plain.value(theta));
  });
});

describe("minimize refuses", () => {
  const descent = sgd({ learningRate: 0.1 });
  const well = quadratic([1, 2]);
  const at = Float64Array.of(1, 1);
  const partial = { size: 2 } as never;
  refusals(NonFiniteError, "non-finite", [
    [
      "NaN at the start",
      () => minimize(quadratic([1]), Float64Array.of(Number.NaN), sgd({ learningRate: 1 }), { steps: 1 }),
      /minimize: expected theta to be finite/,
    ],
  ]);
  refusals(ArgumentError, "invalid-argument", [
    [
      "a size alone",
      () => minimize(partial, at, descent, { steps: 1 }),
      /minimize: .*objective\.value to be a function, got undefined; lossObjective makes one/,
    ],
    [
      "a function",
      () => minimize((() => 1) as never, at, descent, { steps: 1 }),
      /objective to be an object/,
    ],
    [
      "an optimizer without steps",
      () => minimize(well, at, { ...descent, step: undefined } as never, { steps: 1 }),
      /minimize: .*optimizer\.step to be a function/,
    ],
    [
      "onStep that is a number",
      () => minimize(well, at, descent, { steps: 1, onStep: 5 as never }),
      /minimize: .*onStep to be a function, got 5/,
    ],
    [
      "a start of nothing",
      () => minimize(well, at, descent, { steps: 1, from: 5 as never }),
      /minimize: .*from to be an object/,
    ],
    [
      "a negative number of steps",
      () => minimize(quadratic([1]), Float64Array.of(1), sgd({ learningRate: 1 }), { steps: -1 }),
      /minimize: .*steps.*≥ 0/,
    ],
    [
      "a negative tolerance",
      () =>
        minimize(quadratic([1]), Float64Array.of(1), sgd({ learningRate: 1 }), {
          steps: 1,
          gradientTolerance: -1,
        }),
      /gradientTolerance/,
    ],
  ]);
  refusals(ShapeError, "shape-mismatch", [
    [
      "a start of the wrong length",
      () => minimize(quadratic([1]), theta, sgd({ learningRate: 1 }), { steps: 1 }),
      /minimize.*length 1/,
    ],
  ]);
});
