// Independent: the recurrence is written out from the paper, on plain arrays.

import { describe, expect, it } from "vitest";
import { ArgumentError, lookSam, minimize, objectiveOf, sam, sgd } from "../../src/index.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import {
  accelerated,
  ball,
  gradient,
  length,
  objective,
  plus,
  rho,
  run,
  STEPS,
  start,
} from "./recurrence.js";

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, entry, i) => sum + entry * b[i], 0);

/** g_v = g_s − ‖g_s‖ cos θ · g/‖g‖ every k steps, and g + α ‖g‖/‖g_v‖ · g_v between. */
function byThePaper(every: number, reuse: number, momentum: number): number[] {
  let x = start;
  let velocity = x.map(() => 0);
  let gv = velocity;
  for (let t = 0; t < STEPS; t++) {
    const g = gradient(x);
    let followed: number[];
    if (t % every === 0) {
      followed = gradient(plus(x, 0.03 / length(g), g));
      const cosine = dot(g, followed) / (length(g) * length(followed));
      gv = plus(followed, (-length(followed) * cosine) / length(g), g);
    } else followed = plus(g, (reuse * length(g)) / length(gv), gv);
    velocity = plus(followed, momentum, velocity);
    x = plus(x, -0.05, velocity);
  }
  return x;
}

describe("lookSam", () => {
  it.each([
    [2, 0.7],
    [5, 1],
    [7, 0.2],
  ])("is the paper's recurrence: every %i steps, reuse %f", (every, reuse) => {
    expectClose(run(lookSam({ ...rho, every, reuse })), byThePaper(every, reuse, 0), 1e-10);
    expectClose(run(lookSam({ ...rho, every, reuse, ...ball })), byThePaper(every, reuse, 0.7), 1e-10);
  });

  it.each([
    ["plain", {}],
    ["with momentum and decay", { ...accelerated, weightDecay: 0.02 }],
    ["decoupled", { weightDecay: 0.02, decoupledDecay: true }],
  ])("with every: 1 is SAM, to the bit: %s", (_, options) => {
    expect(run(lookSam({ ...rho, ...options, every: 1 }))).toEqual(run(sam({ ...rho, ...options })));
  });

  it("with reuse: 0 is gradient descent between", () => {
    const look = lookSam({ ...rho, every: 4, reuse: 0 });
    const first = minimize(objective, Float64Array.from(start), sam(rho), { steps: 1 });
    const rest = minimize(objective, first.theta, sgd({ learningRate: 0.05 }), { steps: 3 });
    expect(minimize(objective, Float64Array.from(start), look, { steps: 4 }).theta).toEqual(rest.theta);
  });

  it("takes one gradient in the steps between", () => {
    let count = 0;
    const counted = objectiveOf(3, (theta) => {
      count++;
      return objective.valueAndGradient(theta);
    });
    // Its last evaluation is where it ends.
    minimize(counted, Float64Array.from(start), lookSam({ ...rho, every: 5 }), { steps: 10 });
    expect(count).toBe(10 + 2 + 2);
  });

  it("follows no rounding where a SAM gradient has nothing beside the gradient", () => {
    const bowl = objectiveOf(3, (x) => ({
      value: x.reduce((sum, entry) => sum + entry * entry, 0) / 2,
      gradient: x.slice(),
    }));
    const theta = Float64Array.of(0.3, -0.7, 1.1);
    const next = (steps: number) => minimize(bowl, theta, lookSam(rho), { steps });
    expect((next(1).state as { sharper: unknown }).sharper).toBeNull();
    expect(next(2).theta).toEqual(next(1).theta.map((entry) => entry - 0.05 * entry));
  });

  it("is gradient descent where the gradient is 0", () => {
    const flat = objectiveOf(2, () => ({ value: 1, gradient: new Float64Array(2) }));
    const { theta } = lookSam(rho).step(flat, Float64Array.of(1, 2), lookSam(rho).initialState(2));
    expect(theta).toEqual(Float64Array.of(1, 2));
  });

  refusals(ArgumentError, "invalid-argument", [
    ["no steps", () => lookSam({ ...rho, every: 0 }), /lookSam: .*every.*≥ 1, got 0/],
    ["a negative reuse", () => lookSam({ ...rho, reuse: -1 }), /lookSam: .*reuse.*≥ 0, got -1/],
    ["no radius", () => lookSam({ learningRate: 1, radius: 0 }), /lookSam: .*radius.*> 0/],
  ]);
});
