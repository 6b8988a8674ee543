import { describe, expect, it } from "vitest";
import * as ad from "../../src/autodiff/index.js";
import { lossObjective, symmetricEigen, type Tensor } from "../../src/index.js";
import { type Case, cases, makeCase } from "../cases.js";
import {
  autodiffCurvatureGradient,
  autodiffGradientNormGradient,
  autodiffLoss,
  autodiffMomentGradient,
} from "../oracles/autodiff-network.js";
import { euclidean, expectClose, expectNear, largest } from "../oracles/compare.js";
import { column } from "../oracles/plain-matrix.js";
import {
  checkGradient,
  kinked,
  type Row,
  relativeGap,
  relativeGradient,
  rows,
  STRENGTH,
} from "./objectives.js";

/** A share of the cases, another one for each row; 5 and 3 divide no number of choices that a case has. */
const share = (of: readonly Case[], every: number, offset = 0) =>
  of.filter((_, at) => (at + offset) % every === 0);

/** How far from a kink differences of the usual steps converge at their rate. */
const CLEAR = 0.15;
const isClear: Readonly<Record<string, (problem: Case) => boolean>> = {
  largestEigenvalueObjective: (problem) => relativeGap(problem) > CLEAR,
  gradientNormObjective: (problem) => relativeGradient(problem) > CLEAR,
};

const table: (readonly [objective: string, name: string, row: Row, problem: Case])[] = [
  ...rows.flatMap((row, at) =>
    share(cases, 5, at).map((problem) => [row.name, problem.name, row, problem] as const),
  ),
  ...kinked.flatMap((row) =>
    share(cases.filter(isClear[row.name]), 3).map(
      (problem) => [row.name, problem.name, row, problem] as const,
    ),
  ),
];

describe("an objective beside the loss", () => {
  it("is tried far from its kinks in most cases", () => {
    for (const clear of Object.values(isClear)) expect(cases.filter(clear).length).toBeGreaterThan(160);
  });

  it.each(table)("has the gradient that differences approach: %s, %s", (_, __, row, problem) => {
    expect(() => checkGradient(row, problem)).not.toThrow();
  });

  it.each(table)(
    "has the value of its definition, by value and by valueAndGradient: %s, %s",
    (_, __, row, problem) => {
      const { theta } = problem;
      const wanted = row.value(problem, theta);
      const objective = row.make(problem);
      const { value, gradient } = objective.valueAndGradient(theta);
      const scale = Math.max(1, Math.abs(wanted));
      expectNear(value, wanted, 1e-12, scale);
      expectNear(objective.value(theta), wanted, 1e-12, scale);
      expect(objective.gradient(theta)).toEqual(gradient);
      expect(largest(gradient)).toBeLessThan(Number.POSITIVE_INFINITY);
      expect(objective.size).toBe(theta.length);
    },
  );
});

/** What automatic differentiation says of the penalties' gradients; it knows the definitions of network and loss alone. */
const byAutodiff: Readonly<Record<string, (problem: Case) => Float64Array>> = {
  traceObjective: (problem) => autodiffMomentGradient(problem, STRENGTH, 0),
  frobeniusObjective: (problem) => autodiffMomentGradient(problem, 0, STRENGTH),
  "gradientNormObjective, squared": (problem) => autodiffGradientNormGradient(problem, STRENGTH, true),
  gradientNormObjective: (problem) => autodiffGradientNormGradient(problem, STRENGTH, false),
  largestEigenvalueObjective(problem) {
    const H = ad.hessian(autodiffLoss(problem), { allowConstant: true })(problem.theta) as Tensor;
    const v = column(symmetricEigen(H, { vectors: true }).vectors, problem.net.size - 1);
    return autodiffCurvatureGradient(problem, v).map((entry) => STRENGTH * entry);
  },
};

const differentiated = [...rows, ...kinked]
  .filter(({ name }) => byAutodiff[name])
  .flatMap((row) => {
    const clear = isClear[row.name] ?? (() => true);
    return share(cases.filter(clear), 5).map((problem) => [row.name, problem.name, row, problem] as const);
  });

describe("the gradient by automatic differentiation", () => {
  it.each(differentiated)("is the same: %s, %s", (name, __, row, problem) => {
    const { net, theta, batch } = problem;
    const added = byAutodiff[name](problem);
    const wanted = lossObjective(net, batch)
      .gradient(theta)
      .map((entry, j) => entry + added[j]);
    // An eigenvector is known to rounding over the gap.
    expectClose(
      row.make(problem).gradient(theta),
      wanted,
      1e-11,
      Math.max(euclidean(added), euclidean(wanted)),
    );
  });
});

describe("a fault of 0.1 %", () => {
  it.each([...rows, ...kinked])("in the gradient of $name is noticed", (row) => {
    const problem = makeCase({ size: [9, 3, 3, 2], targets: "dense", weighted: true });
    expect(() => checkGradient(row, problem)).not.toThrow();
    expect(() => checkGradient(row, problem, 1.001)).toThrow("should quarter");
  });
});
