import { describe, expect, it } from "vitest";
import { gaussNewtonOperator, residualOperator } from "../../src/hessian/index.js";
import {
  exactHessian,
  gaussNewtonMatrix,
  lossNames,
  residualMatrix,
  symmetricEigen,
} from "../../src/index.js";
import { randomStream } from "../../src/random.js";
import { cases, makeCase } from "../cases.js";
import { autodiffGaussNewton, autodiffResidual } from "../oracles/autodiff-network.js";
import { euclidean, expectClose, largest, parameterName } from "../oracles/compare.js";

describe.each(cases)("$name", (problem) => {
  const { net, theta, batch } = problem;
  const n = net.size;
  const G = gaussNewtonMatrix(net, theta, batch).data;
  const R = residualMatrix(net, theta, batch).data;

  it("has parts that are symmetric to the bit and add up to the Hessian", () => {
    const H = exactHessian(net, theta, batch).data;
    for (const part of [G, R]) {
      expect(part.every((entry, at) => entry === part[(at % n) * n + Math.floor(at / n)])).toBe(true);
    }
    expectClose(
      G.map((entry, at) => entry + R[at]),
      H,
      1e-14,
      largest(G) + largest(R),
    );
  });

  it("has a Gauss-Newton part without negative eigenvalues", () => {
    const { values } = symmetricEigen(gaussNewtonMatrix(net, theta, batch));
    expect(values[0]).toBeGreaterThanOrEqual(-1e-14 * n * largest(values));
  });

  it("has a residual part that joins no hidden unit with another", () => {
    const unitOf = (at: number) => {
      const [, block, row, column] = /(\w\d)\[(\d+),?(\d+)?\]/.exec(parameterName(net.layout, at)) ?? [];
      return block === "b2" ? "none" : block === "W2" ? column : row;
    };
    const units = Array.from({ length: n }, (_, at) => unitOf(at));
    const outside = R.filter((_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return units[i] !== units[j] || units[i] === "none";
    });
    expect(outside.every((entry) => entry === 0)).toBe(true);
  });

  it("has operators of both parts that multiply like the matrices", () => {
    const stream = randomStream(4, "directions", n);
    const v = Float64Array.from({ length: n }, () => stream.normal());
    const out = new Float64Array(n);
    for (const [part, operator] of [
      [G, gaussNewtonOperator(net, theta, batch)],
      [R, residualOperator(net, theta, batch)],
    ] as const) {
      const wanted = v.map((_, i) => v.reduce((sum, vj, j) => sum + part[i * n + j] * vj, 0));
      operator.apply(v, out.fill(Number.NaN));
      expect(operator.size).toBe(n);
      expectClose(out, wanted, 1e-13, euclidean(part) * largest(v));
    }
  });
});

// Every third case has every activation, loss, choice of bias, weights and targets.
describe("by automatic differentiation", () => {
  const some = cases.filter((_, at) => at % 3 === 0);

  it.each(some)("G is JᵀSJ: $name", (problem) => {
    const { net, theta, batch } = problem;
    expectClose(gaussNewtonMatrix(net, theta, batch).data, autodiffGaussNewton(problem), 1e-13);
  });

  it.each(some)("R is the Hessian of the logits, weighted by fixed residuals: $name", (problem) => {
    const { net, theta, batch } = problem;
    const wanted = autodiffResidual(problem);
    expectClose(residualMatrix(net, theta, batch).data, wanted, 1e-13, largest(wanted) || 1);
  });
});

describe("where every prediction is its target", () => {
  it.each(lossNames)("R is 0, and H is G: %s", (loss) => {
    const { net, theta, batch } = makeCase({ size: [9, 3, 4, 3], loss, targets: "dense" });
    const interpolated = { x: batch.x, y: net.predict(theta, batch.x) };
    const R = residualMatrix(net, theta, interpolated).data;
    const G = gaussNewtonMatrix(net, theta, interpolated).data;
    // The residual of a softmax or sigmoid is a difference of products of nearly equal numbers.
    expect(largest(R)).toBeLessThan(1e-15);
    if (loss === "mean-squared-error" || loss === "poisson") expect(largest(R)).toBe(0);
    expect(largest(G)).toBeGreaterThan(0.01);
    expectClose(exactHessian(net, theta, interpolated).data, G, 1e-15);
  });

  it("and nowhere else", () => {
    const { net, theta, batch } = makeCase({ size: [9, 3, 4, 3], targets: "dense" });
    expect(largest(residualMatrix(net, theta, batch).data)).toBeGreaterThan(0.01);
  });
});
