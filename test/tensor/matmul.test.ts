import { describe, expect, it } from "vitest";
import { randomStream, ShapeError } from "../../src/index.js";
import { matmul, type Tensor, transpose } from "../../src/tensor/index.js";
import { gemm } from "../../src/tensor/matmul.js";
import { expectClose } from "../oracles/compare.js";
import { naiveProduct } from "../oracles/naive-product.js";

const stream = randomStream(3, "matmul");

/** A random matrix with `gap` unused entries after each row and `offset` before the first; transposed if asked. */
function randomMatrix(
  rows: number,
  columns: number,
  { transposed = false, gap = 0, offset = 0 } = {},
): Tensor {
  if (transposed) return transpose(randomMatrix(columns, rows, { gap, offset }));
  const stride = columns + gap;
  const data = Float64Array.from({ length: offset + rows * stride }, () => stream.normal());
  return { data, shape: [rows, columns], stride: [stride, 1], offset };
}

const entry = (a: Tensor) => (i: number, j: number) => a.data[a.offset + i * a.stride[0] + j * a.stride[1]];

const entries = (a: Tensor): Float64Array =>
  Float64Array.from({ length: a.shape[0] * a.shape[1] }, (_, at) =>
    entry(a)(Math.floor(at / a.shape[1]), at % a.shape[1]),
  );

/** Rounding of k products of standard normals in any order, relative to √k: far below k·ε. */
const TOLERANCE = 1e-14;

function expectProduct(
  m: number,
  k: number,
  n: number,
  options: { a?: object; b?: object; c?: object } = {},
): void {
  const a = randomMatrix(m, k, options.a);
  const b = randomMatrix(k, n, options.b);
  const c = randomMatrix(m, n, options.c);
  gemm(c, a, b);
  const wanted = naiveProduct([m, k, n], entry(a), entry(b));
  expectClose(entries(c), wanted, TOLERANCE, 10 * Math.sqrt(k), (at) => `${m}×${k}×${n} [${at}]`);
}

describe("gemm", () => {
  it("agrees with the naive product at every extent from 1 to 9, edges of the register tile included", () => {
    for (let m = 1; m <= 9; m++) {
      for (let n = 1; n <= 9; n++) for (let k = 1; k <= 9; k += 2) expectProduct(m, k, n);
    }
    expect.hasAssertions();
  });

  it.each([127, 128, 129, 130, 131])("agrees across the edge of a block of rows: m = %i", (m) => {
    expectProduct(m, 7, 5);
    expectProduct(m, 5, 131, { a: { transposed: true } });
    expect.hasAssertions();
  });

  it.each([255, 256, 257, 258])("agrees across the edge of a block of depths: k = %i", (k) => {
    expectProduct(5, k, 7);
    expectProduct(6, k, 3, { b: { transposed: true } });
    expect.hasAssertions();
  });

  it.each([511, 512, 513, 1025])("agrees across the edge of a block of columns: n = %i", (n) => {
    expectProduct(5, 3, n);
    expectProduct(4, 6, n, { b: { transposed: true } });
    expect.hasAssertions();
  });

  it("agrees where all three extents cross their blocks at once", () => {
    expectProduct(131, 258, 515);
    expect.hasAssertions();
  });

  const flags = [false, true];
  const combinations = flags.flatMap((a) => flags.map((b) => ({ a, b })));
  it.each(combinations)("agrees with transposed factors, row gaps and offsets: Aᵀ $a, Bᵀ $b", ({ a, b }) => {
    for (const [m, k, n] of [
      [1, 1, 1],
      [5, 3, 2],
      [33, 17, 29],
      [130, 40, 7],
    ]) {
      for (const gap of [0, 3]) {
        const layout = { gap, offset: 2 * gap };
        expectProduct(m, k, n, {
          a: { transposed: a, ...layout },
          b: { transposed: b, ...layout },
          c: layout,
        });
      }
    }
    expect.hasAssertions();
  });

  it("reads factors of negative and of any stride", () => {
    const data = Float64Array.from({ length: 60 }, () => stream.normal());
    const a: Tensor = { data, shape: [3, 4], stride: [-7, 2], offset: 20 };
    const b: Tensor = { data, shape: [4, 2], stride: [3, -5], offset: 40 };
    const c = randomMatrix(3, 2);
    gemm(c, a, b);
    expectClose(c.data, naiveProduct([3, 4, 2], entry(a), entry(b)), TOLERANCE, 20);
  });

  it.each([
    [1, 1],
    [1, 0],
    [-2.5, 1],
    [0.5, -3],
    [0, 2],
  ])("forms β·C + α·A·B: α = %f, β = %f", (alpha, beta) => {
    const a = randomMatrix(9, 6);
    const b = randomMatrix(6, 5);
    const c = randomMatrix(9, 5, { gap: 2, offset: 1 });
    const before = { ...c, data: c.data.slice() };
    gemm(c, a, b, alpha, beta);
    const wanted = naiveProduct([9, 6, 5], entry(a), entry(b), alpha, beta, entry(before));
    expectClose(entries(c), wanted, TOLERANCE, 50);
  });

  it("leaves the gaps between rows of C alone", () => {
    const c = randomMatrix(6, 5, { gap: 3, offset: 2 });
    const before = c.data.slice();
    gemm(c, randomMatrix(6, 4), randomMatrix(4, 5));
    const touched = new Set(Array.from({ length: 30 }, (_, at) => 2 + Math.floor(at / 5) * 8 + (at % 5)));
    const changed = Array.from(before.keys()).filter((at) => !touched.has(at) && c.data[at] !== before[at]);
    expect(changed).toEqual([]);
  });

  it("overwrites what was not a number when β is 0", () => {
    const c = randomMatrix(3, 3);
    c.data.fill(Number.NaN);
    gemm(c, randomMatrix(3, 2), randomMatrix(2, 3));
    expect(c.data.every(Number.isFinite)).toBe(true);
  });

  it("gives zeros for an empty inner extent, and the same bits every time", () => {
    expect(entries(matmul(randomMatrix(2, 0), randomMatrix(0, 3)))).toEqual(new Float64Array(6));
    const [a, b] = [randomMatrix(40, 300), randomMatrix(300, 30)];
    expect(matmul(a, b)).toEqual(matmul(a, b));
  });

  it("refuses extents that do not fit, and a C whose rows are not contiguous", () => {
    const a = randomMatrix(2, 3);
    expect(() => gemm(randomMatrix(2, 2), a, randomMatrix(2, 2))).toThrow(ShapeError);
    expect(() => gemm(randomMatrix(2, 2, { transposed: true }), a, randomMatrix(3, 2))).toThrow(/contiguous/);
  });
});

describe("matmul", () => {
  it("takes arrays of rows", () => {
    const product = matmul(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    );
    expect(product).toEqual({
      data: Float64Array.of(19, 22, 43, 50),
      shape: [2, 2],
      stride: [2, 1],
      offset: 0,
    });
  });
});
