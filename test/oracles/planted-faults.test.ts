// Faults planted in the engine itself: φ‴ enters the bound's gradient alone, φ″ the Hessian too. Each must be noticed
// by the comparison that is to guard it, and by no earlier one.

import { afterEach, describe, expect, it, vi } from "vitest";
import { exactHessian, lossAndGradient, wsBounds, wsUpperBoundAndGradient } from "../../src/index.js";
import { makeCase } from "../cases.js";
import { assertDerivative } from "./finite-differences.js";
import { plainNetworkLoss } from "./network-loss.js";

const planted = vi.hoisted(() => ({ order: 0, factor: 1 }));

vi.mock("../../src/nn/dense/activations.js", async (original) => {
  const { withAlteredJets } = await import("./altered-jet.js");
  return withAlteredJets(await original(), (out) => {
    out[planted.order] *= planted.factor;
  });
});

const { net, theta, batch, plain } = makeCase({ size: [9, 3, 3, 2], targets: "dense", weighted: true });
const n = net.size;

function checkGradient(): void {
  const { gradient } = lossAndGradient(net, theta, batch);
  assertDerivative({
    f: (at) => [plainNetworkLoss(net, at, plain)],
    at: theta,
    column: (j) => [gradient[j]],
  });
}

function checkHessian(): void {
  const H = exactHessian(net, theta, batch).data;
  const f = (at: Float64Array) => lossAndGradient(net, at, batch).gradient;
  assertDerivative({ f, at: theta, column: (j) => H.subarray(j * n, (j + 1) * n) });
}

function checkBoundGradient(): void {
  const { gradient } = wsUpperBoundAndGradient(net, theta, batch);
  const bound = (at: Float64Array) => {
    const H = exactHessian(net, at, batch).data;
    let trace = 0;
    for (let i = 0; i < n; i++) trace += H[i * n + i];
    const frobeniusSquared = H.reduce((sum, entry) => sum + entry * entry, 0);
    return [wsBounds({ size: n, trace, frobeniusSquared }).largest.upper];
  };
  assertDerivative({ f: bound, at: theta, column: (j) => [gradient[j]] });
}

afterEach(() => {
  planted.factor = 1;
});

describe("a fault of 0.1 %", () => {
  it("in nothing at all is not noticed", () => {
    expect(checkGradient).not.toThrow();
    expect(checkHessian).not.toThrow();
    expect(checkBoundGradient).not.toThrow();
  });

  it("in φ′ is noticed by the gradient's check", () => {
    Object.assign(planted, { order: 1, factor: 1.001 });
    expect(checkGradient).toThrow("should quarter");
  });

  it("in φ″ is noticed by the Hessian's check", () => {
    Object.assign(planted, { order: 2, factor: 1.001 });
    expect(checkGradient).not.toThrow();
    expect(checkHessian).toThrow("should quarter");
  });

  it("in φ‴ is noticed by the check of the bound's gradient", () => {
    Object.assign(planted, { order: 3, factor: 1.001 });
    expect(checkHessian).not.toThrow();
    expect(checkBoundGradient).toThrow("should quarter");
  });
});
