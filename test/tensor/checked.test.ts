import { describe, expect, it } from "vitest";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import * as kernels from "../../src/tensor/index.js";
import { tensor } from "../../src/tensor/index.js";

const F = (...values: number[]) => Float64Array.of(...values);
const matrix = tensor(F(1, 2, 3, 4, 5, 6), [2, 3]);

describe("what users call of the kernels", () => {
  it("computes what its name says", () => {
    expect(kernels.dot(F(1, 2), F(3, 4))).toBe(11);
    expect(kernels.norm(F(3, 4))).toBe(5);
    expect(kernels.maxAbs(F(-3, 2))).toBe(3);
    const out = F(1, 1);
    kernels.addScaled(out, 2, F(3, 4));
    expect(out).toEqual(F(7, 9));
    expect(kernels.plusScaled(out, -1, F(1, 2))).toEqual(F(6, 7));
    expect(out).toEqual(F(7, 9));
  });

  it("takes views, and makes them without copying", () => {
    const turned = kernels.transpose(matrix);
    expect([turned.data, turned.shape, turned.stride]).toEqual([matrix.data, [3, 2], [1, 3]]);
    expect(turned.data).toBe(matrix.data);
    const last = kernels.columnRange(kernels.rowRange(matrix, 1, 2), 2, 3);
    expect([last.data[last.offset], last.shape]).toEqual([6, [1, 1]]);
  });

  it.each<[string, () => unknown, typeof ShapeError | typeof ArgumentError, RegExp]>([
    ["two lengths", () => kernels.dot(F(1, 2), F(1)), ShapeError, /^dot: expected y to be .* of length 2/],
    ["a list", () => kernels.norm([1] as never), ArgumentError, /^norm: expected x to be a Float64Array/],
    [
      "a shorter vector",
      () => kernels.addScaled(F(1, 1), 1, F(1)),
      ShapeError,
      /^addScaled: expected x to be .* of length 2/,
    ],
    [
      "no factor",
      () => kernels.plusScaled(F(1), Number.NaN, F(1)),
      ArgumentError,
      /^plusScaled: expected factor/,
    ],
    ["the transpose of a vector", () => kernels.transpose(tensor(F(1), [1])), ShapeError, /^transpose: /],
    [
      "rows that are not there",
      () => kernels.rowRange(kernels.zeros([2, 2]), 1, 5),
      ShapeError,
      /^rowRange: expected to ≤ 2/,
    ],
    [
      "columns the wrong way round",
      () => kernels.columnRange(matrix, 2, 1),
      ArgumentError,
      /^columnRange: expected to/,
    ],
  ])("refuses %s", (_, call, type, says) => {
    expect(call).toThrow(type);
    expect(call).toThrow(says);
  });
});
