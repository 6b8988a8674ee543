import { describe, expect, it } from "vitest";
import { lossAndGradient } from "../../../src/index.js";
import { cases, isExactByDifferences } from "../../cases.js";
import { expectNear, parameterName } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";
import { plainNetworkLoss } from "../../oracles/network-loss.js";

describe.each(cases)("$name", (problem) => {
  const { net, theta, batch, plain } = problem;

  it("has the loss that its definition gives", () => {
    // Some dozen roundings on either side; both sum terms of about the size of the loss.
    const wanted = plainNetworkLoss(net, theta, plain);
    expectNear(lossAndGradient(net, theta, batch).loss, wanted, 1e-13, 1 + Math.abs(wanted));
  });

  it("has the gradient that differences of the plain loss approach", () => {
    const { gradient } = lossAndGradient(net, theta, batch);
    expect(gradient.length).toBe(net.size);
    const claim = {
      f: (at: Float64Array) => [plainNetworkLoss(net, at, plain)],
      at: theta,
      column: (j: number) => [gradient[j]],
      terms: 1, // log Σ exp u and yᵀu cancel where a softmax is sure of the label.
      name: (_: number, j: number) => `∂loss/∂${parameterName(net.layout, j)}`,
    };
    assertDerivative(claim, isExactByDifferences(problem));
  });
});
