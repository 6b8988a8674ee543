import { describe, expect, it } from "vitest";
import { adam, adamw, type Optimizer, sam, sgd } from "../../src/index.js";
import { euclidean, expectNear } from "../oracles/compare.js";
import { quadratic } from "./quadratic.js";
import { curvatures, run, STEPS, slopes, start } from "./separable.js";

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
