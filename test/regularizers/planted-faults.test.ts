// Faults of 0.1 % planted in the engine itself, where the third derivative of the loss comes from: φ‴, and the derivative
// of the loss's curvature. Neither is seen by the Hessian; both must be noticed in every penalty on it.

import { afterEach, describe, expect, it, vi } from "vitest";
import { directionalCurvature } from "../../src/hessian/index.js";
import { lossAndGradient } from "../../src/index.js";
import { makeCase } from "../cases.js";
import { autodiffCurvatureGradient } from "../oracles/autodiff-network.js";
import { expectClose } from "../oracles/compare.js";
import { checkGradient, kinked, rows } from "./objectives.js";

const planted = vi.hoisted(() => ({ third: 1, curvature: 1 }));

vi.mock("../../src/nn/dense/activations.js", async (original) => {
  const { withAlteredJets } = await import("../oracles/altered-jet.js");
  return withAlteredJets(await original(), (out) => {
    out[3] *= planted.third;
  });
});

vi.mock("../../src/nn/losses.js", async (original) => {
  const real = await original<typeof import("../../src/nn/losses.js")>();
  type Adjoint = ReturnType<typeof real.loss>["curvatureAdjoint"];
  return {
    ...real,
    loss: (name: Parameters<typeof real.loss>[0]) => {
      const loss = real.loss(name);
      const curvatureAdjoint: Adjoint = (p, at, outputs, sBar, pBar) => {
        const before = pBar.slice();
        loss.curvatureAdjoint(p, at, outputs, sBar, pBar);
        pBar.forEach((entry, k) => {
          pBar[k] = before[k] + planted.curvature * (entry - before[k]);
        });
      };
      return { ...loss, curvatureAdjoint };
    },
  };
});

const problem = makeCase({ size: [9, 3, 3, 2], targets: "dense", weighted: true });
const { net, theta, batch } = problem;
const third = ["traceObjective", "frobeniusObjective", "largestEigenvalueObjective"];
const all = [...rows, ...kinked];
const onHessian = all.filter(({ name }) => third.includes(name));
const others = all.filter(({ name }) => !third.includes(name));

afterEach(() => {
  Object.assign(planted, { third: 1, curvature: 1 });
});

describe.each(["third", "curvature"] as const)("a fault of 0.1 % in the derivative of %s", (where) => {
  it.each(onHessian)("is noticed by the check of $name", (row) => {
    expect(() => checkGradient(row, problem)).not.toThrow();
    planted[where] = 1.001;
    expect(() => checkGradient(row, problem)).toThrow("should quarter");
  });

  it.each(others)("does not concern $name, which has no third derivative", (row) => {
    planted[where] = 1.001;
    expect(() => checkGradient(row, problem)).not.toThrow();
  });

  it("is noticed by automatic differentiation of vᵀHv", () => {
    const v = lossAndGradient(net, theta, batch).gradient;
    const wanted = autodiffCurvatureGradient(problem, v);
    const check = () => expectClose(directionalCurvature(net, theta, batch, v).gradient, wanted, 1e-11);
    expect(check).not.toThrow();
    planted[where] = 1.001;
    expect(check).toThrow();
  });
});
