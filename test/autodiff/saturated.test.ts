import type { Tensor } from "flatward";
import {
  erf,
  expm1,
  grad,
  hessian,
  log1p,
  logSoftmax,
  logSumExp,
  norm,
  sigmoid,
  slice,
  softmax,
  softplus,
  sum,
  tanh,
  type Value,
} from "flatward/autodiff";
import { describe, expect, it } from "vitest";

/** Largest relative difference, entry by entry: small entries count as much as large ones. */
function expectEach(values: ArrayLike<number>, expected: readonly number[], tolerance = 1e-13): void {
  expected.forEach((entry, i) => {
    expect(Math.abs(values[i] / entry - 1), `[${i}] ${values[i]} vs ${entry}`).toBeLessThan(tolerance);
  });
}

// With two logits, softmax is a sigmoid of their difference, whose derivatives are known in forms that do not cancel.
describe.each([5, 12, 20, 30, 37, 100, 300])("two logits %d apart", (gap) => {
  const at = Float64Array.of(gap, 0);
  const q = Math.exp(-gap);
  const small = q / (1 + q);
  const slope = small / (1 + q);
  const bend = (slope * (1 - q)) / (1 + q);

  it("logSumExp is right to the third derivative", () => {
    expectEach(grad((x: Value) => logSumExp(x))(at), [1 / (1 + q), small]);
    expectEach(hessian((x: Value) => logSumExp(x))(at).data, [slope, -slope, -slope, slope]);
    const curvature = (x: Value) => slice(hessian((y: Value) => logSumExp(y))(x), [0, 0], [1, 1]);
    expectEach(grad((x: Value) => sum(curvature(x)))(at), [-bend, bend]);
  });

  it("softmax and logSoftmax are right in value and two derivatives", () => {
    expectEach((softmax(at) as Tensor).data, [1 / (1 + q), small]);
    expectEach((logSoftmax(at) as Tensor).data, [-Math.log1p(q), -gap - Math.log1p(q)]);
    const loss = (x: Value) => sum(slice(logSoftmax(x), [0], [1]));
    expectEach(grad(loss)(at), [small, -small]);
    expectEach(hessian(loss)(at).data, [-slope, slope, slope, -slope]);
    expectEach(grad((x: Value) => sum(slice(softmax(x), [0], [1])))(at), [slope, -slope]);
  });
});

describe("tails", () => {
  const value = (f: (x: number) => Value, x: number) => [...(f(x) as Tensor).data];
  const derivative = (f: (x: Value) => Value, x: number) => [grad((t: Value) => f(t))(x)];

  it("tanh and sigmoid keep the relative accuracy of their slopes", () => {
    for (const x of [10, 20, 40, 300]) {
      expectEach(derivative(tanh, x), [(4 * Math.exp(-2 * x)) / (1 + Math.exp(-2 * x)) ** 2]);
      expectEach(derivative(sigmoid, x), [Math.exp(-x) / (1 + Math.exp(-x)) ** 2]);
    }
  });

  it("softplus, expm1, log1p and erf are accurate where the naive forms lose everything", () => {
    expectEach(value(softplus, -50), [Math.exp(-50)]);
    expectEach(value(softplus, 800), [800]);
    for (const f of [expm1, log1p]) expectEach(value(f, 1e-20), [1e-20]);
    expectEach(value(erf, 1e-10), [1.1283791670955126e-10]);
  });

  it("norm's gradient is a unit vector at any size", () => {
    for (const size of [1e-200, 3e-160, 1, 1e200])
      expectEach(grad(norm)(Float64Array.of(3 * size, 4 * size)), [0.6, 0.8]);
  });
});
