// The kernels of the tridiagonalisation, in WebAssembly and in plain TypeScript: the same bits, and the definition.

import { describe, expect, it } from "vitest";
import { randomStream, useBackend } from "../../../src/index.js";
import { copyTriangleRow, packedLength, packTriangle } from "../../../src/linalg/dense/packed-triangle.js";
import { plainKernels } from "../../../src/linalg/dense/plain-kernels.js";
import type { TridiagonalKernels } from "../../../src/linalg/dense/tridiagonal-kernels.js";
import { wasmKernels } from "../../../src/linalg/dense/wasm-kernels.js";
import { expectClose } from "../../oracles/compare.js";
import { chosenBackend } from "../../setup.js";

/** The matrix has n rows, of which `size` count, and the panel `count` rows that are `step` numbers apart. */
const cases = [
  { n: 3, size: 1, count: 2, step: 8 },
  { n: 8, size: 4, count: 2, step: 8 },
  { n: 11, size: 9, count: 4, step: 16 },
  { n: 14, size: 10, count: 6, step: 24 },
  { n: 30, size: 15, count: 10, step: 40 },
  { n: 45, size: 44, count: 32, step: 56 },
  { n: 80, size: 75, count: 4, step: 88 },
];

type Case = (typeof cases)[number];

/** The lower triangle of n packed rows, in n×n numbers. */
function unpacked(triangle: Float64Array, n: number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) copyTriangleRow(triangle, i, i + 1, a, i * n);
  return a;
}

/** Every kernel once, on numbers drawn anew: what each wrote. */
function run({ n, size, count, step }: Case, kernelsOf: (lengths: readonly number[]) => TridiagonalKernels) {
  const stream = randomStream(n, "kernels");
  const kernels = kernelsOf([packedLength(n), count * step, n, n, count, 1.5 * count * n]);
  for (const array of kernels.arrays) for (let i = 0; i < array.length; i++) array[i] = stream.normal();
  const [triangle, panel, v, p, coefficients, packed] = kernels.arrays;
  const before = [unpacked(triangle, n), ...kernels.arrays.slice(1).map((array) => array.slice())];
  kernels.symmetricProduct(triangle, size, v, p);
  const product = p.slice();
  kernels.subtractCombination(p, size, panel, step, count, coefficients);
  const combination = p.slice();
  kernels.multiplyRows(panel, step, count, v, size, coefficients);
  const products = coefficients.slice();
  kernels.updateTriangle(triangle, size, panel, step, count, packed);
  return { before, product, combination, products, updated: unpacked(triangle, n) };
}

function inWasm(lengths: readonly number[]): TridiagonalKernels {
  const kernels = wasmKernels(lengths);
  if (!kernels) throw new Error("there is no WebAssembly");
  return kernels;
}

describe.each(cases)("kernels, n = $n, $size rows, $count in the panel", (sizes) => {
  const { n, size, count, step } = sizes;
  const plain = run(sizes, plainKernels);

  it("compute what they say, and touch nothing else", () => {
    const [a, panel, v, p, coefficients] = plain.before;
    const entry = (i: number, j: number) => a[Math.max(i, j) * n + Math.min(i, j)];
    const expected = p.map((pi, i) =>
      i < size ? v.slice(0, size).reduce((sum, vj, j) => sum + entry(i, j) * vj, 0) : pi,
    );
    expectClose(plain.product, expected, 1e-14);
    const combined = plain.product.map((pi, i) =>
      i < size ? coefficients.reduce((rest, c, r) => rest - c * panel[r * step + i], pi) : pi,
    );
    expectClose(plain.combination, combined, 1e-14);
    const products = coefficients.map((_, r) =>
      v.slice(0, size).reduce((sum, vk, k) => sum + panel[r * step + k] * vk, 0),
    );
    expectClose(plain.products, products, 1e-14);
    const updated = a.map((before, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      if (i >= size || j > i) return before;
      let rest = before;
      for (let r = 0; r < count; r++) rest -= panel[r * step + i] * panel[(r ^ 1) * step + j];
      return rest;
    });
    expectClose(plain.updated, updated, 1e-14);
  });

  it("give the same bits in WebAssembly", () => {
    useBackend("wasm");
    const { before: _, ...results } = run(sizes, inWasm);
    useBackend(chosenBackend);
    expect(plain).toMatchObject(results);
  });
});

it.each([1, 2, 4, 7, 18])(
  "a packed matrix of n = %i is the symmetric part, wherever its entries lie",
  (n) => {
    const stream = randomStream(n, "packed");
    const data = Float64Array.from({ length: n * n }, () => stream.normal());
    const triangle = new Float64Array(packedLength(n));
    packTriangle(triangle, { data, shape: [n, n], stride: [-1, -n], offset: n * n - 1 }, 4);
    const expected = data.map((_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return j > i ? 0 : (data[n * n - 1 - i - j * n] + data[n * n - 1 - j - i * n]) / 8;
    });
    expectClose(unpacked(triangle, n), expected, 1e-15);
  },
);

describe("memory of WebAssembly", () => {
  it("is used again, and given up where it is large", () => {
    useBackend("wasm");
    const [small] = inWasm([1000]).arrays;
    const [again] = inWasm([1000]).arrays;
    expect(again.buffer).toBe(small.buffer);
    const [large] = inWasm([5_000_000]).arrays;
    const [next] = inWasm([1000]).arrays;
    useBackend(chosenBackend);
    expect(large).toHaveLength(5_000_000);
    expect(next.buffer.byteLength).toBeLessThan(1e6);
  });

  it("is not there beyond 4 GB, and kernels work in it afterwards", () => {
    useBackend("wasm");
    expect(wasmKernels([6e8])).toBeUndefined();
    const [array] = inWasm([10]).arrays;
    useBackend(chosenBackend);
    expect(array).toHaveLength(10);
  });

  it("is not asked for by the plain backend", () => {
    useBackend("plain");
    expect(wasmKernels([10])).toBeUndefined();
    useBackend(chosenBackend);
  });
});
