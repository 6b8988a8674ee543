// Independent: every recurrence is written out from its paper, on plain arrays, with no helper of the engine.

import { describe, expect, it } from "vitest";
import { ArgumentError, heavyBall, minimize, nesterov, sgd } from "../../src/index.js";
import { scheduled, stepSchedule } from "../../src/optim/index.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import {
  accelerated,
  alpha,
  apart,
  ball,
  gradient,
  objective,
  plus,
  run,
  STEPS,
  start,
  TOLERANCE,
} from "./recurrence.js";

describe("heavyBall", () => {
  it("is x − α∇f + β(x − x₋), and sgd with momentum", () => {
    let [x, previous] = [start, start];
    for (let t = 0; t < STEPS; t++)
      [x, previous] = [plus(plus(x, -0.05, gradient(x)), 0.7, plus(x, -1, previous)), x];
    expectClose(run(heavyBall({ ...alpha, ...ball })), x, TOLERANCE);
    expectClose(run(sgd({ ...alpha, ...ball })), x, TOLERANCE);
  });

  it("parts from sgd where the learning rate changes", () => {
    const schedule = stepSchedule({ learningRate: 0.05, every: 5, factor: 0.5 });
    const ballRun = run(scheduled((learningRate) => heavyBall({ learningRate, ...ball }), schedule));
    const sgdRun = run(scheduled((learningRate) => sgd({ learningRate, ...ball }), schedule));
    expect(apart(ballRun, sgdRun)).toBeGreaterThan(1e-3);
  });
});

describe("nesterov", () => {
  it("has in theta the extrapolated points, in the state the iterates; sgd has the former", () => {
    let [x, y] = [start, start];
    for (let t = 0; t < STEPS; t++) {
      const next = plus(y, -0.05, gradient(y));
      y = plus(next, 0.7, plus(next, -1, x));
      x = next;
    }
    const result = minimize(objective, Float64Array.from(start), nesterov({ ...alpha, ...ball }), {
      steps: STEPS,
    });
    expectClose(result.theta, y, TOLERANCE);
    expectClose(result.state.previous!, x, TOLERANCE);
    expectClose(run(sgd({ ...alpha, ...accelerated })), y, TOLERANCE);
  });
});

describe("heavyBall and nesterov refuse", () => {
  refusals(ArgumentError, "invalid-argument", [
    ["no momentum for a heavy ball", () => heavyBall({ learningRate: 1 } as never), /heavyBall: .*momentum/],
    ["momentum of 1", () => nesterov({ learningRate: 1, momentum: 1 }), /nesterov: .*momentum.*< 1/],
  ]);
});
