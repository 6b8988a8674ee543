// Infinities, ties, zeros, empty tensors, and who owns the memory.

import * as ad from "flatward/autodiff";
import { describe, expect, it } from "vitest";
import { ArgumentError, ShapeError, type Tensor } from "../../src/index.js";
import { refusals } from "../refusals.js";

const list = (value: ad.Operand): number[] => Array.from((value as Tensor).data ?? (value as Float64Array));
const of = (...entries: number[]): Float64Array => Float64Array.from(entries);
const gradient = (f: (x: ad.Value) => ad.Operand, ...at: number[]): number[] => list(ad.grad(f)(of(...at)));
const hessian = (f: (x: ad.Value) => ad.Operand, ...at: number[]): number[] => list(ad.hessian(f)(of(...at)));
const [infinite, nothing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

describe("concatenate", () => {
  const parts = [
    [[1], [2]],
    [[3], [4]],
  ];
  it("counts negative axes from the last", () => {
    expect(list(ad.concatenate(parts, -1))).toEqual([1, 3, 2, 4]);
    expect(list(ad.concatenate(parts, -2))).toEqual([1, 2, 3, 4]);
    const both = (x: ad.Value): ad.Value =>
      ad.sum(
        ad.mul(ad.concatenate([x, parts[1]], -1), [
          [1, 10],
          [100, 1000],
        ]),
      );
    expect(list(ad.grad(both)([[1], [2]]))).toEqual([1, 100]);
  });

  refusals(
    ArgumentError,
    "invalid-argument",
    [2, -3, 0.5, Number.NaN, "0"].map((axis) => [
      `the axis ${axis}`,
      () => ad.concatenate(parts, axis as number),
      /concatenate: expected an axis of tensors of rank 2/,
    ]),
  );
  refusals(ShapeError, "shape-mismatch", [
    ["tensors without axes", () => ad.concatenate([1, 2]), /concatenate/],
    ["other extents that differ", () => ad.concatenate([[[1]], [[1, 2]]], 0), /concatenate/],
  ]);
});

describe("sums of exponentials", () => {
  it.each([
    [[nothing, nothing], nothing, [0, 0]],
    [[nothing, 0], 0, [0, 1]],
    [[nothing, 3, 3], 3 + Math.log(2), [0, 0.5, 0.5]],
    [[infinite, 0], infinite, [1, 0]],
    [[infinite, infinite, nothing], infinite, [0.5, 0.5, 0]],
    [[nothing], nothing, [0]],
    [[1e308, 1e308], 1e308, [0.5, 0.5]],
    [[], nothing, []],
  ])("logSumExp of %j is %d, with derivative and softmax %j", (at, value, shares) => {
    const x = of(...at);
    expect(list(ad.logSumExp(x))).toEqual([value]);
    expect(gradient((v) => ad.logSumExp(v), ...at)).toEqual(shares);
    expect(list(ad.jvp((v: ad.Value) => ad.logSumExp(v), x, of(...at.map(() => 1))).tangent)).toEqual([
      shares.reduce((sum, share) => sum + share, 0),
    ]);
    expect(list(ad.softmax(x))).toEqual(shares);
    expect(list(ad.logSoftmax(x))).toEqual(shares.map(Math.log));
    expect(hessian((v) => ad.logSumExp(v), ...at).every(Number.isFinite)).toBe(true);
    expect(gradient((v) => ad.sum(ad.square(ad.softmax(v))), ...at).every(Number.isFinite)).toBe(true);
  });

  it("of masked rows leave the others as they are", () => {
    const mask = [
      [1, 0, 1],
      [0, 0, 0],
    ];
    const masked = (x: ad.Value): ad.Value => ad.where(mask, x, nothing);
    const at = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const total = (x: ad.Value): ad.Value =>
      ad.sum(ad.where([1, 0], ad.logSumExp(masked(x), { axes: 1 }), 0));
    const [p] = list(ad.softmax(of(1, 3)));
    expect(list(ad.grad(total)(at))).toEqual(
      [p, 0, 1 - p, 0, 0, 0].map((share) => expect.closeTo(share, 15)),
    );
    expect(list(ad.softmax(masked(ad.add(at, 0)))).slice(3)).toEqual([0, 0, 0]);
  });

  it("pass NaN on", () => {
    expect(list(ad.logSumExp(of(Number.NaN, nothing)))).toEqual([Number.NaN]);
    expect(list(ad.softmax(of(Number.NaN, infinite)))).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("where there is no second derivative", () => {
  it("that of a squared norm or absolute value is not 0 in silence", () => {
    const squaredNorm = (x: ad.Value): ad.Value => ad.square(ad.norm(x));
    expect(hessian(squaredNorm, 0, 0)).toEqual(new Array(4).fill(Number.NaN));
    expect(gradient(squaredNorm, 0, 0)).toEqual([0, 0]);
    expect(hessian((x) => ad.sum(ad.square(x)), 0, 0)).toEqual([2, 0, 0, 2]);
    expect(hessian((x) => ad.sum(ad.square(ad.abs(x))), 0, 3)).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      2,
    ]);
    expect(hessian((x) => ad.square(ad.sqrt(ad.sum(ad.square(x)))), 0, 0).every(Number.isNaN)).toBe(true);
  });

  it("powers have those that there are", () => {
    expect(hessian((x) => ad.sum(ad.pow(x, 2)), 0, 1)).toEqual([2, 0, 0, 2]);
    expect(gradient((x) => ad.sum(ad.pow(x, 1)), 0)).toEqual([1]);
    expect(gradient((x) => ad.sum(ad.pow(x, 0)), 0)).toEqual([0]);
    expect(gradient((x) => ad.sum(ad.pow(x, 0.5)), 0)).toEqual([infinite]);
  });
});

describe("ties and ends", () => {
  it("share the derivative", () => {
    expect(gradient((x) => ad.sum(ad.maximum(x, [1, 2, 3])), 1, 1, 4)).toEqual([0.5, 0, 1]);
    expect(gradient((x) => ad.sum(ad.minimum(x, [1, 2, 3])), 1, 1, 4)).toEqual([0.5, 1, 0]);
    expect(gradient((x) => ad.sum(ad.clip(x, 0, 1)), -1, 0, 0.5, 1, 2)).toEqual([0, 0.5, 1, 0.5, 0]);
    expect(gradient((x) => ad.sum(ad.abs(x)), -2, 0, 3)).toEqual([-1, 0, 1]);
    expect(list(ad.maximum(of(Number.NaN, infinite, 5e-324), of(1, infinite, 5e-324)))).toEqual([
      Number.NaN,
      infinite,
      5e-324,
    ]);
  });

  it("an infinite derivative of the side that is not picked is not seen", () => {
    const root = (x: ad.Value): ad.Value => ad.maximum(ad.sqrt(x), 1);
    expect(list(ad.jvp(root, of(0, 4), of(1, 1)).tangent)).toEqual([0, 0.25]);
  });

  refusals(ArgumentError, "invalid-argument", [
    ["a clip without an inside", () => ad.clip([1], [0, 2], 1), /^clip: expected low ≤ high, got 2 and 1/],
    ["a clip at no number", () => ad.clip([1], Number.NaN, 1), /^clip: expected low ≤ high, got NaN and 1/],
    ["a power that is no number", () => ad.pow([1], Number.NaN), /pow: expected the exponent/],
    ["a variance of too few", () => ad.variance([1], { correction: 1 }), /variance: expected correction/],
  ]);
  refusals(ShapeError, "shape-mismatch", [
    ["shapes that do not stretch", () => ad.maximum([1, 2], [1, 2, 3]), /maximum/],
  ]);
});

describe("values", () => {
  it("of products and variances", () => {
    expect(
      list(
        ad.prod(
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          { axes: 1 },
        ),
      ),
    ).toEqual([6, 120]);
    expect(
      list(
        ad.prod(
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          { axes: 0, keepAxes: true },
        ),
      ),
    ).toEqual([4, 10, 18]);
    expect(list(ad.prod([]))).toEqual([1]);
    expect(gradient((x) => ad.prod(x), 0, 2, 3)).toEqual([6, 0, 0]);
    expect(list(ad.variance([1, 2, 6]))).toEqual([expect.closeTo(14 / 3, 14)]);
    expect(list(ad.variance([1, 2, 6], { correction: 1 }))).toEqual([7]);
    // Deviations do not cancel where squares would.
    expect(list(ad.variance([1e9, 1e9 + 1, 1e9 + 2]))).toEqual([expect.closeTo(2 / 3, 14)]);
  });

  it("of powers, against the engine's own", () => {
    for (const x of [1e-300, 0.3, 1, 2, 7.5, 1e300])
      for (const p of [-3, -2.5, -1, -0.3, 0, 0.5, 1, 1.7, 2, 3, 10]) {
        const wanted = x ** p;
        const [got] = list(ad.pow(of(x), p));
        if (wanted === 0 || !Number.isFinite(wanted)) expect(got).toBe(wanted);
        else expect(Math.abs(got / wanted - 1)).toBeLessThan(1e-13);
      }
    expect(list(ad.pow(of(-2, -2, 0, 0, 0, infinite), 3))).toEqual([-8, -8, 0, 0, 0, infinite]);
    expect(list(ad.pow(of(-2, 0), 0.5))).toEqual([Number.NaN, 0]);
    expect(list(ad.pow(of(2), -1074))).toEqual([5e-324]);
    expect(list(ad.pow(of(1e-200), 1.5))).toEqual([expect.closeTo(1e-300, 310)]);
  });

  it("of constants: none of any transformation's derivative goes through", () => {
    const f = (x: ad.Value): ad.Value => ad.mul(ad.stopGradient(x), x);
    expect(ad.grad(f)(3)).toBe(3);
    const second = (x: ad.Value): ad.Value => ad.grad(f)(x) as ad.Value;
    expect(ad.grad(second, { allowConstant: true })(3)).toBe(0);
  });
});

describe("results outside of differentiation are the caller's", () => {
  it.each(
    Object.entries<(x: Float64Array) => ad.Value>({
      reshape: (x) => ad.reshape(x, [1, 2]),
      "reshape to the same": (x) => ad.reshape(x, [-1]),
      transpose: (x) => ad.transpose(x),
      slice: (x) => ad.slice(x, [0], [2]),
      broadcastTo: (x) => ad.broadcastTo(x, [2]),
      sumTo: (x) => ad.sumTo(x, [2]),
      "sum over nothing": (x) => ad.sum(x, { axes: [] }),
      "max over nothing": (x) => ad.max(x, { axes: [] }),
      "mean over nothing": (x) => ad.mean(x, { axes: [] }),
      "prod over nothing": (x) => ad.prod(x, { axes: [] }),
      "logSumExp over nothing": (x) => ad.logSumExp(x, { axes: [] }),
      concatenate: (x) => ad.concatenate([x]),
      stack: (x) => ad.stack([x]),
      gather: (x) => ad.gather(x, [0, 1]),
      where: (x) => ad.where(1, x, 0),
      stopGradient: (x) => ad.stopGradient(x),
      clip: (x) => ad.clip(x, -9, 9),
    }),
  )("%s", (_, f) => {
    const x = of(1, 2);
    for (const given of [x, { data: x, shape: [2], stride: [1], offset: 0 }]) {
      const y = f(given as Float64Array) as Tensor;
      expect(list(y)).toHaveLength(2);
      expect(y.data.buffer).not.toBe(x.buffer);
    }
  });
});
