import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/index.js";
import { addScaled, dot, maxAbs, norm, plusScaled, tensor } from "../../src/tensor/index.js";
import { addColumnSums } from "../../src/tensor/reduce.js";
import { expectClose, expectNear } from "../oracles/compare.js";

const stream = randomStream(4, "reduce");
const draw = (n: number) => Float64Array.from({ length: n }, () => stream.normal());

describe("reductions", () => {
  it("sum products in index order, to the bit", () => {
    const [x, y] = [draw(57), draw(57)];
    let sum = 0;
    for (let i = 0; i < 57; i++) sum += x[i] * y[i];
    expect(dot(x, y)).toBe(sum);
    expect(dot(new Float64Array(0), new Float64Array(0))).toBe(0);
  });

  it("find the largest magnitude, 0 for none, NaN wherever one is", () => {
    expect(maxAbs(Float64Array.of(1, -3, 2))).toBe(3);
    expect(maxAbs(new Float64Array(0))).toBe(0);
    expect(maxAbs(Float64Array.of(1, Number.NaN, 5))).toBeNaN();
    expect(maxAbs(Float64Array.of(1, Number.NEGATIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([1, 1e-200, 1e200, 1e-320, 1e308])(
    "take norms without overflow or underflow: scale %d",
    (scale) => {
      // Subnormal numbers have few bits left.
      expectNear(
        norm(Float64Array.of(0.3 * scale, -0.4 * scale)),
        0.5 * scale,
        scale < 1e-300 ? 1e-3 : 1e-15,
      );
    },
  );

  it("take the norm of nothing, of zeros and of what is not finite", () => {
    expect(norm(new Float64Array(0))).toBe(0);
    expect(norm(new Float64Array(3))).toBe(0);
    expect(norm(Float64Array.of(1, Number.NaN))).toBeNaN();
    expect(norm(Float64Array.of(1, Number.NEGATIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
  });

  it("add column sums of a strided matrix to what is there", () => {
    const a = { ...tensor(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]), shape: [3, 2], stride: [1, 3] };
    const out = Float64Array.of(0, 10, 20, 0);
    addColumnSums(out, 1, a);
    expect(out).toEqual(Float64Array.of(0, 16, 35, 0));
  });

  it("add column sums of any number of columns, row by row", () => {
    for (let columns = 1; columns <= 9; columns++) {
      const a = tensor(draw(7 * columns), [7, columns]);
      const out = draw(columns + 2);
      const wanted = out.slice();
      for (let i = 0, at = 0; i < 7; i++) for (let j = 1; j <= columns; j++, at++) wanted[j] += a.data[at];
      addColumnSums(out, 1, a);
      expect(out).toEqual(wanted);
    }
  });
});

describe("scaled sums", () => {
  it("add in place or into new memory", () => {
    const [x, y] = [draw(9), draw(9)];
    const wanted = Float64Array.from(x, (value, i) => value + 0.3 * y[i]);
    const before = x.slice();
    const sum = plusScaled(x, 0.3, y);
    expectClose(sum, wanted, 0);
    expect(x).toEqual(before);
    addScaled(x, 0.3, y);
    expect(x).toEqual(sum);
  });
});
