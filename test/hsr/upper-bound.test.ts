import { describe, expect, it } from "vitest";
import { exactHessian, wsUpperBoundAndGradient } from "../../src/index.js";
import { type Case, cases, isExactByDifferences, makeCase } from "../cases.js";
import { expectNear, parameterName } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";

/** Independent of the closed-form moments: B = m + s√(n − 1) from the entries of the dense Hessian. */
function denseUpperBound({ net, batch }: Case, theta: Float64Array): number {
  const n = net.size;
  const H = exactHessian(net, theta, batch).data;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += H[i * n + i];
  const mean = trace / n;
  // ‖H − mI‖² does not cancel.
  let deviations = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const entry = H[i * n + j] - (i === j ? mean : 0);
      deviations += entry * entry;
    }
  }
  return mean + Math.sqrt((deviations / n) * (n - 1));
}

function checkBoundGradient(problem: Case): void {
  const { net, theta, batch } = problem;
  const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch);
  expectNear(value, denseUpperBound(problem, theta), 1e-12);
  const claim = {
    f: (at: Float64Array) => [denseUpperBound(problem, at)],
    at: theta,
    column: (j: number) => [gradient[j]],
    name: (_: number, j: number) => `∂B/∂${parameterName(net.layout, j)}`,
  };
  assertDerivative(claim, isExactByDifferences(problem));
}

describe("the gradient of the Wolkowicz–Styan upper bound", () => {
  it.each(cases)("is what differences of the bound of the dense Hessian approach: $name", (problem) => {
    expect(() => checkBoundGradient(problem)).not.toThrow();
  });

  it.each([97, 200])("is so across the tiles of sample pairs: N = %i", (count) => {
    const problem = makeCase({ size: [count, 2, 2, 2], weighted: true, targets: "dense", seed: count });
    expect(() => checkBoundGradient(problem)).not.toThrow();
  });

  it("is ∇tr H/n where H is a multiple of I, zero for a softmax of one class", () => {
    const { net, theta, batch } = makeCase({ size: [5, 2, 3, 1] });
    const { value, gradient, moments } = wsUpperBoundAndGradient(net, theta, batch);
    expect(value).toBe(0);
    expect(moments).toEqual({ size: net.size, trace: 0, frobeniusSquared: 0 });
    expect(gradient.every((entry) => entry === 0)).toBe(true);
  });
});
