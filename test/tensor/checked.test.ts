import { describe, expect, it } from "vitest";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import {
  addScaled,
  columnRange,
  dot,
  maxAbs,
  norm,
  plusScaled,
  rowRange,
  tensor,
  transpose,
  zeros,
} from "../../src/tensor/index.js";

const F = (...values: number[]) => Float64Array.of(...values);
const matrix = tensor(F(1, 2, 3, 4, 5, 6), [2, 3]);

describe("what users call of the kernels", () => {
  it("computes what its name says", () => {
    expect(dot(F(1, 2), F(3, 4))).toBe(11);
    expect(norm(F(3, 4))).toBe(5);
    expect(maxAbs(F(-3, 2))).toBe(3);
    const out = F(1, 1);
    addScaled(out, 2, F(3, 4));
    expect(out).toEqual(F(7, 9));
    expect(plusScaled(out, -1, F(1, 2))).toEqual(F(6, 7));
    expect(out).toEqual(F(7, 9));
  });

  it("takes views, and makes them without copying", () => {
    const turned = transpose(matrix);
    expect([turned.data, turned.shape, turned.stride]).toEqual([matrix.data, [3, 2], [1, 3]]);
    expect(turned.data).toBe(matrix.data);
    const last = columnRange(rowRange(matrix, 1, 2), 2, 3);
    expect([last.data[last.offset], last.shape]).toEqual([6, [1, 1]]);
  });

  it.each<[string, () => unknown, typeof ShapeError | typeof ArgumentError, RegExp]>([
    ["two lengths", () => dot(F(1, 2), F(1)), ShapeError, /^dot: expected y to be .* of length 2/],
    ["a list", () => norm([1] as never), ArgumentError, /^norm: expected x to be a Float64Array/],
    [
      "a shorter vector",
      () => addScaled(F(1, 1), 1, F(1)),
      ShapeError,
      /^addScaled: expected x to be .* of length 2/,
    ],
    ["no factor", () => plusScaled(F(1), Number.NaN, F(1)), ArgumentError, /^plusScaled: expected factor/],
    ["the transpose of a vector", () => transpose(tensor(F(1), [1])), ShapeError, /^transpose: /],
    [
      "rows that are not there",
      () => rowRange(zeros([2, 2]), 1, 5),
      ShapeError,
      /^rowRange: expected to ≤ 2/,
    ],
    [
      "columns the wrong way round",
      () => columnRange(matrix, 2, 1),
      ArgumentError,
      /^columnRange: expected to/,
    ],
  ])("refuses %s", (_, call, type, says) => {
    expect(call).toThrow(type);
    expect(call).toThrow(says);
  });
});
