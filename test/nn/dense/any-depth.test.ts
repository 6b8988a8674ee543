// Independent: automatic differentiation, which knows how a loss is defined and no recursion, by two ways: the same layers
// in `sequential`, and traced operations on flat theta; and plain differences.

import fc from "fast-check";
import { multilayerProblem, type Problem } from "flatward/testing";
import { describe, expect, it } from "vitest";
import { directionalCurvature, gaussNewtonOperator, residualOperator } from "../../../src/hessian/index.js";
import {
  type Batch,
  exactHessian,
  hessianVectorProduct,
  lossAndGradient,
  type MultilayerNet,
  multilayerNet,
  type Operator,
  randomStream,
} from "../../../src/index.js";
import { autodiffCurvatureGradient, autodiffResidual } from "../../oracles/autodiff-network.js";
import { euclidean, expectClose, expectNear } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";
import type { PlainBatch } from "../../oracles/network-loss.js";
import { layered } from "../../oracles/sequential-chain.js";

/** A batch of `batchFor`, spelled out. */
function plainOf({ outputs }: MultilayerNet, { x, y, weights }: Batch): PlainBatch {
  const rows = x as number[][];
  const targets = (y as (number | number[])[]).map((target) =>
    typeof target === "number" ? Array.from({ length: outputs }, (_, k) => (k === target ? 1 : 0)) : target,
  );
  return { x: rows, targets, weights: (weights as number[]) ?? rows.map(() => 1 / rows.length) };
}

function directionFor(net: MultilayerNet): Float64Array {
  const draws = randomStream(5);
  return Float64Array.from({ length: net.size }, () => draws.normal());
}

function times(operator: Operator, v: Float64Array): Float64Array {
  const out = new Float64Array(operator.size);
  operator.apply(v, out);
  return out;
}

describe("chains of 1 … 5 dense layers", () => {
  it("have the loss, the gradient and the products H·v of the same layers in `sequential`", () => {
    fc.assert(
      fc.property(multilayerProblem(), ({ net, theta, batch }: Problem<MultilayerNet>) => {
        const other = layered(net);
        const wanted = lossAndGradient(other, theta, batch);
        const got = lossAndGradient(net, theta, batch);
        expectNear(got.loss, wanted.loss, 1e-13, Math.max(1, Math.abs(wanted.loss)));
        expectClose(got.gradient, wanted.gradient, 1e-12, Math.max(1, euclidean(wanted.gradient)));
        const v = directionFor(net);
        const product = hessianVectorProduct(other, theta, batch, v);
        expectClose(
          hessianVectorProduct(net, theta, batch, v),
          product,
          1e-12,
          Math.max(1, euclidean(product)),
        );
        expectClose(net.predict(theta, batch.x).data, other.predict(theta, batch.x).data, 1e-12);
      }),
      { numRuns: 200 },
    );
  });

  it("have products with R and G = H − R", () => {
    fc.assert(
      fc.property(multilayerProblem({ maxExtent: 3, maxCount: 3 }), ({ net, theta, batch }) => {
        const n = net.size;
        const v = directionFor(net);
        const R = autodiffResidual({ net, theta, plain: plainOf(net, batch) });
        const residual = v.map((_, i) =>
          R.subarray(i * n, (i + 1) * n).reduce((sum, r, j) => sum + r * v[j], 0),
        );
        const product = hessianVectorProduct(layered(net), theta, batch, v);
        const size = Math.max(1, euclidean(product), euclidean(R) * euclidean(v));
        expectClose(times(residualOperator(net, theta, batch), v), residual, 1e-12, size);
        const rest = product.map((each, i) => each - residual[i]);
        expectClose(times(gaussNewtonOperator(net, theta, batch), v), rest, 1e-12, size);
      }),
      { numRuns: 40 },
    );
  });

  it("have vᵀHv and its gradient", () => {
    fc.assert(
      fc.property(multilayerProblem({ maxExtent: 3 }), ({ net, theta, batch }) => {
        const v = directionFor(net);
        const { value, gradient } = directionalCurvature(net, theta, batch, v);
        const product = hessianVectorProduct(layered(net), theta, batch, v);
        const curvature = product.reduce((sum, each, i) => sum + each * v[i], 0);
        expectNear(value, curvature, 1e-12, Math.max(1, euclidean(product) * euclidean(v)));
        const wanted = autodiffCurvatureGradient({ net, theta, plain: plainOf(net, batch) }, v);
        expectClose(gradient, wanted, 1e-11, Math.max(1, euclidean(wanted)));
      }),
      { numRuns: 100 },
    );
  });
});

describe("a chain of four layers, by differences", () => {
  const net = multilayerNet({
    sizes: [3, 4, 2, 3, 2],
    activation: ["tanh", "gelu", "softplus"],
    bias: [true, false, true, true],
  });
  const draws = randomStream(11);
  const theta = Float64Array.from({ length: net.size }, () => draws.normal(0, 0.7));
  const x = Array.from({ length: 9 }, () => Array.from({ length: 3 }, () => draws.normal()));
  const batch = { x, y: x.map((_, i) => i % 2), weights: x.map(() => draws.uniform(0, 0.3)) };
  const v = directionFor(net);

  it("has its gradient, its products and ∇(vᵀHv)", () => {
    const { gradient } = lossAndGradient(net, theta, batch);
    assertDerivative({
      f: (at) => [lossAndGradient(net, at, batch).loss],
      at: theta,
      column: (j) => [gradient[j]],
    });
    const unit = (j: number) => Float64Array.from(theta, (_, i) => (i === j ? 1 : 0));
    assertDerivative({
      f: (at) => lossAndGradient(net, at, batch).gradient,
      at: theta,
      column: (j) => hessianVectorProduct(net, theta, batch, unit(j)),
    });
    const curvature = directionalCurvature(net, theta, batch, v);
    assertDerivative({
      f: (at) => [hessianVectorProduct(net, at, batch, v).reduce((sum, each, i) => sum + each * v[i], 0)],
      at: theta,
      column: (j) => [curvature.gradient[j]],
    });
  });

  it("has a Hessian that is symmetric to the bit and multiplies as its products do", () => {
    const n = net.size;
    const { data: H } = exactHessian(net, theta, batch);
    expect(H.every((entry, at) => entry === H[(at % n) * n + Math.floor(at / n)])).toBe(true);
    const product = v.map((_, i) => H.subarray(i * n, (i + 1) * n).reduce((sum, h, j) => sum + h * v[j], 0));
    expectClose(hessianVectorProduct(net, theta, batch, v), product, 1e-13);
  });
});
