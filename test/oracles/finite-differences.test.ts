// The checker is checked: faults of 0.1 % in one place must not pass, or the tests that rely on it prove nothing.

import { describe, expect, it } from "vitest";
import { exactHessian, lossAndGradient, wsUpperBoundAndGradient } from "../../src/index.js";
import { cases, isExactByDifferences } from "../cases.js";
import { assertDerivative, examineDerivative } from "./finite-differences.js";
import { plainNetworkLoss } from "./network-loss.js";

const FAULT = 1.001;

/** Every seventh case is enough here; a derivative that vanishes has no 0.1 %. */
const sample = cases.filter(
  (problem, at) =>
    at % 7 === 0 && !(problem.net.loss === "softmax-cross-entropy" && problem.net.outputs === 1),
);

/** The place of the entry of median size: neither the one that stands out, nor one that hardly counts. */
function medianPlace(values: Float64Array): number {
  const order = Array.from(values.keys()).sort((i, j) => Math.abs(values[i]) - Math.abs(values[j]));
  return order.filter((at) => values[at] !== 0)[Math.floor(order.length / 2)] ?? order[order.length - 1];
}

function withFault(values: Float64Array, at: number): Float64Array {
  const out = values.slice();
  out[at] *= FAULT;
  return out;
}

describe("the finite-difference checker", () => {
  it.each(sample)("notices 0.1 % in one entry of a gradient: $name", ({ net, theta, batch, plain }) => {
    const { gradient } = lossAndGradient(net, theta, batch);
    const wrong = withFault(gradient, medianPlace(gradient));
    const f = (at: Float64Array) => [plainNetworkLoss(net, at, plain)];
    expect(examineDerivative({ f, at: theta, column: (j) => [gradient[j]] }).complaints).toEqual([]);
    expect(() => assertDerivative({ f, at: theta, column: (j) => [wrong[j]] }, true)).toThrow(
      "ratio 1.0010000",
    );
  });

  it.each(sample)("notices 0.1 % in one entry of a Hessian and its mirror image: $name", (problem) => {
    const { net, theta, batch } = problem;
    const n = net.size;
    const H = exactHessian(net, theta, batch).data;
    const place = medianPlace(H);
    const [i, j] = [Math.floor(place / n), place % n];
    const wrong = withFault(H, place);
    wrong[j * n + i] = wrong[place];
    const f = (at: Float64Array) => lossAndGradient(net, at, batch).gradient;
    const claim = { f, at: theta, column: (c: number) => wrong.subarray(c * n, (c + 1) * n) };
    expect(() => assertDerivative(claim, true)).toThrow("ratio 1.0010000");
  });

  it("notices it by the slope alone, where there is a remainder to see", () => {
    const slopes = (fault: number) =>
      examineDerivative({
        f: ([x]) => [Math.sin(x)],
        at: Float64Array.of(1),
        column: () => [fault * Math.cos(1)],
      });
    expect(slopes(1).complaints).toEqual([]);
    expect(slopes(1).slopes).toHaveLength(4);
    expect(slopes(FAULT).complaints[0]).toContain("should quarter");
  });

  it("notices a function that is not smooth", () => {
    const claim = {
      f: ([x]: Float64Array) => [Math.abs(x) * x + x],
      at: Float64Array.of(0),
      column: () => [1],
    };
    expect(examineDerivative(claim).complaints[0]).toContain("slopes are 1.00");
  });

  it("refuses to pass where no slope could be seen", () => {
    const { net, theta, batch } = cases.filter(isExactByDifferences)[0];
    const { gradient } = wsUpperBoundAndGradient(net, theta, batch);
    const claim = { f: () => [0], at: theta, column: (j: number) => [gradient[j]] };
    expect(() => assertDerivative(claim)).toThrow("no slope was seen");
  });
});
