// Independent: every recurrence is written out for one number at a time, from the papers and PyTorch's documentation.
// On a diagonal quadratic the coordinates do not know of each other, but for SAM's norm.

import { describe, expect, it } from "vitest";
import { adam, adamw, minimize, type Optimizer, sam, sgd } from "../../src/index.js";
import { euclidean, expectClose, expectNear } from "../oracles/compare.js";
import { quadratic } from "./quadratic.js";

const curvatures = [1, 4, 0.25];
const slopes = [0.5, -1, 2];
const start = [3, -2, 1.5];
const STEPS = 25;

/** θ after some steps of the optimizer under test. */
const run = (optimizer: Optimizer): Float64Array =>
  minimize(quadratic(curvatures, slopes), Float64Array.from(start), optimizer, { steps: STEPS }).theta;

/** θ of each coordinate after as many steps of a recurrence with the state of one coordinate. */
function each<State>(
  initial: State,
  step: (theta: number, g: number, s: State, t: number) => [number, State],
): number[] {
  return start.map((first, i) => {
    let [theta, state] = [first, initial];
    for (let t = 1; t <= STEPS; t++)
      [theta, state] = step(theta, curvatures[i] * theta - slopes[i], state, t);
    return theta;
  });
}

/** A few roundings a step. */
const TOLERANCE = 1e-13;

describe("sgd", () => {
  it("steps by −α(g + λθ)", () => {
    const wanted = each(0, (theta, g) => [theta - 0.1 * (g + 0.01 * theta), 0]);
    expectClose(run(sgd({ learningRate: 0.1, weightDecay: 0.01 })), wanted, TOLERANCE);
    expect(run(sgd({ learningRate: 0.1 }))).not.toEqual(run(sgd({ learningRate: 0.1, weightDecay: 0.01 })));
  });

  it("follows the closed form of gradient descent: the distance shrinks by 1 − αc a step", () => {
    const wanted = start.map((first, i) => {
      const minimum = slopes[i] / curvatures[i];
      return minimum + (first - minimum) * (1 - 0.1 * curvatures[i]) ** STEPS;
    });
    expectClose(run(sgd({ learningRate: 0.1 })), wanted, TOLERANCE);
  });

  it("with momentum steps by −αv, v ← βv + g, v₁ = g₁", () => {
    const wanted = each(0, (theta, g, v) => [theta - 0.1 * (0.9 * v + g), 0.9 * v + g]);
    expectClose(run(sgd({ learningRate: 0.1, momentum: 0.9 })), wanted, TOLERANCE, 10);
  });

  it("with Nesterov momentum steps by −α(g + βv), the decayed gradient in g", () => {
    const wanted = each(0, (theta, gradient, before) => {
      const g = gradient + 0.02 * theta;
      const v = 0.8 * before + g;
      return [theta - 0.1 * (g + 0.8 * v), v];
    });
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.02 });
    expectClose(run(optimizer), wanted, TOLERANCE, 10);
  });
});

describe.each([
  { name: "adam", make: adam, decoupled: false },
  { name: "adamw", make: adamw, decoupled: true },
])("$name", ({ make, decoupled }) => {
  const reference = (alpha: number, decay: number, [beta1, beta2, epsilon]: readonly number[]) =>
    each([0, 0], (theta, gradient, [m0, v0], t) => {
      const g = decoupled ? gradient : gradient + decay * theta;
      const m = beta1 * m0 + (1 - beta1) * g;
      const v = beta2 * v0 + (1 - beta2) * g * g;
      const kept = decoupled ? theta - alpha * decay * theta : theta;
      const mHat = m / (1 - beta1 ** t);
      const vHat = v / (1 - beta2 ** t);
      return [kept - (alpha * mHat) / (Math.sqrt(vHat) + epsilon), [m, v]];
    });

  it("steps by bias-corrected moments, weight decay where it belongs", () => {
    expectClose(run(make({ learningRate: 0.05 })), reference(0.05, 0, [0.9, 0.999, 1e-8]), 1e-12);
    const options = { learningRate: 0.05, weightDecay: 0.1, beta1: 0.7, beta2: 0.95, epsilon: 1e-3 };
    expectClose(run(make(options)), reference(0.05, 0.1, [0.7, 0.95, 1e-3]), 1e-12);
    expect(make({ learningRate: 0.05 }).hyperparameters).toMatchObject({
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    });
  });

  it("takes a first step of the learning rate, whatever the gradient's size", () => {
    const first = minimize(quadratic([1e-3, 1e3]), Float64Array.of(1, -1), make({ learningRate: 0.01 }), {
      steps: 1,
    });
    expectClose(first.theta, [0.99, -0.99], 1e-6);
  });
});

describe("sam", () => {
  it("descends the gradient taken at θ + ρg/‖g‖, with momentum and decay as in sgd", () => {
    let theta = [...start];
    let velocity = theta.map(() => 0);
    for (let t = 0; t < STEPS; t++) {
      const g = theta.map((x, i) => curvatures[i] * x - slopes[i]);
      const norm = Math.sqrt(g.reduce((sum, entry) => sum + entry * entry, 0));
      const uphill = theta.map((x, i) => curvatures[i] * (x + (0.05 * g[i]) / norm) - slopes[i] + 0.01 * x);
      velocity = velocity.map((v, i) => 0.5 * v + uphill[i]);
      theta = theta.map((x, i) => x - 0.1 * velocity[i]);
    }
    const optimizer = sam({ learningRate: 0.1, radius: 0.05, momentum: 0.5, weightDecay: 0.01 });
    expectClose(run(optimizer), theta, 1e-12);
  });

  it("does not move from a point where the gradient is exactly 0", () => {
    const optimizer = sam({ learningRate: 0.1, radius: 0.05 });
    const { theta, state } = optimizer.step(
      quadratic([2, 3]),
      new Float64Array(2),
      optimizer.initialState(2),
    );
    expect(Array.from(theta)).toEqual([0, 0]);
    expect(state.velocity).toBeNull();
  });
});

describe("every optimizer", () => {
  const optimizers: Optimizer[] = [
    sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 }),
    adam({ learningRate: 0.1, weightDecay: 0.01 }),
    adamw({ learningRate: 0.1, weightDecay: 0.01 }),
    sam({ learningRate: 0.1, radius: 0.05, momentum: 0.9, weightDecay: 0.01 }),
  ];

  it.each(optimizers)("changes neither theta nor its state in place: $name", (optimizer) => {
    const objective = quadratic(curvatures, slopes);
    const theta = Float64Array.from(start);
    const first = optimizer.step(objective, theta, optimizer.initialState(3));
    const before = structuredClone(first);
    optimizer.step(objective, first.theta, first.state);
    expect(Array.from(theta)).toEqual(start);
    expect(first).toEqual(before);
    expect(first.value).toBe(objective.value(theta));
  });

  it.each(optimizers)(
    "reports the norm of the gradient it follows, coupled decay included: $name",
    (optimizer) => {
      const { gradientNorm } = optimizer.step(
        quadratic(curvatures, slopes),
        Float64Array.from(start),
        optimizer.initialState(3),
      );
      // Decoupled decay is no part of a gradient; "sam" reports where the step begins, not uphill of it.
      const decay = optimizer.name === "adamw" ? 0 : Number(optimizer.hyperparameters.weightDecay);
      const followed = start.map((theta, i) => curvatures[i] * theta - slopes[i] + decay * theta);
      expectNear(gradientNorm, euclidean(followed), 1e-15);
    },
  );

  it.each(optimizers)("goes on from a state as if it had not stopped: $name", (optimizer) => {
    const objective = quadratic(curvatures, slopes);
    let [theta, state] = [Float64Array.from(start), optimizer.initialState(3)];
    for (let t = 0; t < STEPS; t++) {
      const copy = structuredClone({ theta, state });
      ({ theta, state } = optimizer.step(objective, copy.theta, copy.state) as typeof copy);
    }
    expect(theta).toEqual(run(optimizer));
  });
});
