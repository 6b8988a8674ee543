import { describe, expect, it } from "vitest";
import { directionalCurvature } from "../../src/hessian/index.js";
import { exactHessian, randomStream } from "../../src/index.js";
import { type Case, cases, isExactByDifferences, makeCase } from "../cases.js";
import { autodiffCurvatureGradient } from "../oracles/autodiff-network.js";
import { euclidean, expectClose, expectNear, parameterName } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";
import { inner, times } from "../oracles/plain-matrix.js";

function directionFor({ net }: Case, seed: number): Float64Array {
  const stream = randomStream(seed, "direction");
  return Float64Array.from({ length: net.size }, () => stream.normal());
}

/** Independent of Taylor coefficients: the quadratic form of the dense Hessian. */
const denseForm = ({ net, batch }: Case, theta: Float64Array, v: Float64Array): number =>
  inner(v, times(exactHessian(net, theta, batch), v));

describe("the curvature along a direction", () => {
  it.each(cases)("is vᵀHv, with the gradient of automatic differentiation: $name", (problem) => {
    const { net, theta, batch } = problem;
    const v = directionFor(problem, 1);
    const { value, gradient } = directionalCurvature(net, theta, batch, v);
    const scale = euclidean(exactHessian(net, theta, batch).data) * inner(v, v);
    expectNear(value, denseForm(problem, theta, v), 1e-13, scale);
    const wanted = autodiffCurvatureGradient(problem, v);
    expectClose(gradient, wanted, 1e-12, Math.max(euclidean(wanted), scale));
  });

  it.each(cases)("has the gradient that differences of vᵀHv approach: $name", (problem) => {
    const { net, theta, batch } = problem;
    const v = directionFor(problem, 2);
    const { gradient } = directionalCurvature(net, theta, batch, v);
    const claim = {
      f: (at: Float64Array) => [denseForm(problem, at, v)],
      at: theta,
      column: (j: number) => [gradient[j]],
      name: (_: number, j: number) => `∂(vᵀHv)/∂${parameterName(net.layout, j)}`,
      terms: euclidean(exactHessian(net, theta, batch).data) * inner(v, v),
    };
    expect(() => assertDerivative(claim, isExactByDifferences(problem))).not.toThrow();
  });

  it("is a quadratic form of v, and so is its gradient", () => {
    const problem = makeCase({ size: [9, 3, 4, 3], weighted: true, targets: "dense" });
    const { net, theta, batch } = problem;
    const [v, w] = [directionFor(problem, 3), directionFor(problem, 4)];
    const at = (d: Float64Array) => directionalCurvature(net, theta, batch, d);
    const [sum, difference] = [1, -1].map((sign) => at(v.map((entry, j) => entry + sign * w[j])));
    // The parallelogram law.
    expectNear(sum.value + difference.value, 2 * (at(v).value + at(w).value), 1e-12);
    const twice = at(v).gradient.map((entry, j) => 2 * (entry + at(w).gradient[j]));
    expectClose(
      sum.gradient.map((entry, j) => entry + difference.gradient[j]),
      twice,
      1e-12,
    );
  });
});
