// Independent: every recurrence is written out from its paper, on plain arrays, with no helper of the engine.

import { describe, expect, it } from "vitest";
import { adamw, rmsprop, sgd, usam } from "../../src/index.js";
import { expectClose } from "../oracles/compare.js";
import { alpha, apart, ball, gradient, plus, rho, run, STEPS, start, TOLERANCE } from "./recurrence.js";

describe("decoupled weight decay", () => {
  const decoupled = { weightDecay: 0.1, decoupledDecay: true };

  it("shrinks theta by 1 − αλ, and no gradient or velocity sees it", () => {
    let [x, velocity] = [start, start.map(() => 0)];
    for (let t = 0; t < STEPS; t++) {
      velocity = plus(gradient(x), 0.7, velocity);
      x = plus(
        x.map((entry) => (1 - 0.05 * 0.1) * entry),
        -0.05,
        velocity,
      );
    }
    expectClose(run(sgd({ ...alpha, ...ball, ...decoupled })), x, TOLERANCE);
  });

  it("is the coupled one where there is no memory, and another where there is", () => {
    const both = (make: (options: object) => Float64Array) =>
      apart(make({ weightDecay: 0.1 }), make(decoupled));
    expect(both((options) => run(sgd({ ...alpha, ...options })))).toBeLessThan(1e-13);
    expect(both((options) => run(usam({ ...rho, ...options })))).toBeLessThan(1e-13);
    expect(both((options) => run(sgd({ ...alpha, ...ball, ...options })))).toBeGreaterThan(1e-3);
    expect(both((options) => run(rmsprop({ ...alpha, ...options })))).toBeGreaterThan(1e-3);
  });

  it("of rmsprop is that of adamw: with the same preconditioner, the same step", () => {
    // Without smoothing and without moments both are α·g/(|g| + ε) after the shrinking.
    const a = run(rmsprop({ ...alpha, smoothing: 0, epsilon: 1e-2, ...decoupled }));
    const b = run(adamw({ ...alpha, beta1: 0, beta2: 0, epsilon: 1e-2, weightDecay: 0.1 }));
    expectClose(a, b, TOLERANCE);
  });
});
