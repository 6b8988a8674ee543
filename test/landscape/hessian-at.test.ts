import fc from "fast-check";
import { problem } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  exactHessian,
  hessianAt,
  lossObjective,
  objectiveOf,
  SymmetryError,
} from "../../src/index.js";
import { hessianMatrix, normalizedSharpness } from "../../src/landscape/index.js";
import { euclidean, expectClose, expectNear, largest } from "../oracles/compare.js";
import { symmetric } from "../oracles/plain-matrix.js";
import { refusals } from "../refusals.js";
import { x, y } from "../small-network.js";
import { quadraticOf } from "./objectives.js";
import { H, kinds, n, net, objective, scaled, scalesOf, theta } from "./scaled-hessian.js";

describe("the Hessian of an objective", () => {
  it("is the network's own, as matrix and as operator, for every network", () => {
    fc.assert(
      fc.property(problem(), ({ net, theta, batch }) => {
        const objective = lossObjective(net, batch);
        const wanted = exactHessian(net, theta, batch).data;
        const matrix = hessianMatrix(objective, theta).data;
        expectClose(matrix, wanted, 1e-11, 1e-300 + largest(wanted));
        const size = net.size;
        const ones = new Float64Array(size).fill(1);
        const out = new Float64Array(size);
        hessianAt(objective, theta).apply(ones, out);
        const sums = out.map((_, i) => wanted.subarray(i * size, (i + 1) * size).reduce((a, b) => a + b, 0));
        expectClose(out, sums, 1e-11, 1e-300 + size * largest(wanted));
      }),
    );
  });

  it("by filter and by layer takes a single number for what it is", () => {
    const layout = [
      { name: "w", shape: [2], offset: 0 },
      { name: "s", shape: [], offset: 2 },
    ];
    const at = Float64Array.of(1, 1, 10);
    const bowl = quadraticOf(symmetric(3, (i, j) => (i === j ? [2, 3, 5][i] : 0)));
    for (const normalization of ["filter", "layer"] as const)
      expect(normalizedSharpness(bowl, at, { normalization, layout }).value).toBeCloseTo(500, 10);
  });

  it.each(kinds)("by %s is T H T, with Σ T² = ‖θ‖²", (normalization) => {
    const { data } = hessianMatrix(objective, theta, { normalization, layout: net.layout });
    expectClose(data, scaled(normalization).data, 1e-13);
    expectNear(euclidean(scalesOf(normalization)), euclidean(theta), 1e-14);
  });

  it("does not follow later changes of theta", () => {
    const moving = theta.slice();
    const operator = hessianAt(objective, moving);
    moving.fill(0);
    const out = new Float64Array(n);
    operator.apply(new Float64Array(n).fill(1), out);
    expectClose(
      out,
      out.map((_, i) => H.data.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0)),
      1e-13,
    );
  });

  it("is refused as a matrix where products are not those of a symmetric one", () => {
    const twisted = objectiveOf(2, () => ({ value: 0, gradient: new Float64Array(2) }), {
      hessianVectorProduct: (_, v) => Float64Array.of(v[0] + v[1], v[1]),
    });
    expect(() => hessianMatrix(twisted, new Float64Array(2))).toThrow(SymmetryError);
    expect(() => hessianMatrix(twisted, new Float64Array(2))).toThrow(
      /^hessianMatrix: expected the operator to be symmetric/,
    );
  });
});

describe("hessianAt refuses", () => {
  const objective = lossObjective(net, { x, y });
  refusals(ArgumentError, "invalid-argument", [
    [
      "products that are no function",
      () => hessianAt({ ...objective, hessianVectorProduct: 5 as never }, theta),
      /hessianAt: expected an objective with hessianVectorProduct/,
    ],
    [
      "a name for options of a Hessian",
      () => hessianAt(objective, theta, "layer" as never),
      /hessianAt: .*options/,
    ],
  ]);
});
