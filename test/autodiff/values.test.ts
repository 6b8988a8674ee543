import type { Tensor, TensorLike } from "flatward";
import {
  averagePool2d,
  batchNorm,
  conv2d,
  logSoftmax,
  logSumExp,
  matmul,
  maxPool2d,
  norm,
  softmax,
  type Value,
} from "flatward/autodiff";
import { describe, expect, it } from "vitest";
import { random } from "./examples.js";

// checkGrads compares a function with its own differences; whether it is the right function, loops tell here.

/** A function of indices as a flat array in row-major order. */
function tabulate(shape: readonly number[], entry: (...index: number[]) => number): number[] {
  const out: number[] = [];
  const visit = (index: number[]): void => {
    if (index.length === shape.length) out.push(entry(...index));
    else for (let i = 0; i < shape[index.length]; i++) visit([...index, i]);
  };
  visit([]);
  return out;
}

const at = ({ data, shape }: TensorLike, ...index: number[]): number =>
  data[index.reduce((flat, i, axis) => flat * shape[axis] + i, 0)];

function expectTensor(value: Value, shape: readonly number[], expected: readonly number[]): void {
  expect(value.shape).toEqual(shape);
  const { data } = value as Tensor;
  expected.forEach((entry, i) => {
    expect(Math.abs(data[i] - entry)).toBeLessThanOrEqual(1e-14 * (1 + Math.abs(entry)));
  });
}

// Extents all differ, so that no two axes can be mistaken for each other.
const images = random([2, 3, 7, 5]);
const filters = random([4, 3, 3, 2]);
const pixel = (n: number, c: number, y: number, x: number) =>
  y >= 0 && y < 7 && x >= 0 && x < 5 ? at(images, n, c, y, x) : 0;

describe("values, against loops written from the definitions", () => {
  it.each([
    [1, 0, [2, 4, 5, 4]],
    [2, 1, [2, 4, 4, 3]],
  ] as const)("conv2d with stride %d and padding %d", (stride, padding, shape) => {
    const expected = tabulate(shape, (n, o, y, x) =>
      tabulate(
        [3, 3, 2],
        (c, dy, dx) =>
          at(filters, o, c, dy, dx) * pixel(n, c, y * stride + dy - padding, x * stride + dx - padding),
      ).reduce((a, b) => a + b),
    );
    expectTensor(conv2d(images, filters, { stride, padding }), shape, expected);
  });

  const windowAt = (
    n: number,
    c: number,
    y: number,
    x: number,
    size: number,
    stride: number,
    padding: number,
  ) => tabulate([size, size], (dy, dx) => pixel(n, c, y * stride + dy - padding, x * stride + dx - padding));

  it("max pooling, whose stride is the window's size", () => {
    expectTensor(
      maxPool2d(images, 2),
      [2, 3, 3, 2],
      tabulate([2, 3, 3, 2], (n, c, y, x) => Math.max(...windowAt(n, c, y, x, 2, 2, 0))),
    );
  });

  it("average pooling with stride 1 and padding", () => {
    const expected = tabulate(
      [2, 3, 8, 6],
      (n, c, y, x) => windowAt(n, c, y, x, 2, 1, 1).reduce((a, b) => a + b) / 4,
    );
    expectTensor(averagePool2d(images, 2, { stride: 1, padding: 1 }), [2, 3, 8, 6], expected);
  });

  it("batch normalisation over the batch", () => {
    const x = random([6, 3]);
    const [scale, shift] = [random([3]), random([3])];
    const column = (j: number) => tabulate([6], (i) => at(x, i, j));
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    const expected = tabulate([6, 3], (i, j) => {
      const centre = mean(column(j));
      const variance = mean(column(j).map((value) => (value - centre) ** 2));
      return ((at(x, i, j) - centre) / Math.sqrt(variance + 1e-5)) * scale.data[j] + shift.data[j];
    });
    expectTensor(batchNorm(x, scale, shift, [0]), [6, 3], expected);
  });

  it("softmax, logSoftmax and logSumExp along the last axis", () => {
    const x = random([2, 4]);
    const total = (i: number) => tabulate([4], (k) => Math.exp(at(x, i, k))).reduce((a, b) => a + b);
    expectTensor(
      softmax(x),
      [2, 4],
      tabulate([2, 4], (i, k) => Math.exp(at(x, i, k)) / total(i)),
    );
    expectTensor(
      logSoftmax(x),
      [2, 4],
      tabulate([2, 4], (i, k) => at(x, i, k) - Math.log(total(i))),
    );
    expectTensor(
      logSumExp(x, { axes: 1 }),
      [2],
      tabulate([2], (i) => Math.log(total(i))),
    );
  });

  it.each([
    [
      [1, 2, 3],
      [5, 3, 2],
      [5, 2, 2],
    ],
    [
      [5, 2, 3],
      [3, 2],
      [5, 2, 2],
    ],
    [
      [2, 1, 2, 3],
      [1, 4, 3, 2],
      [2, 4, 2, 2],
    ],
  ])("matmul stretches the batches of %o and %o", (shapeA, shapeB, shape) => {
    const [a, b] = [random(shapeA), random(shapeB)];
    const entry = (t: TensorLike, batch: number[], i: number, j: number) => {
      const lead = t.shape.length - 2;
      const own = batch.slice(batch.length - lead).map((index, axis) => (t.shape[axis] === 1 ? 0 : index));
      return at(t, ...own, i, j);
    };
    const expected = tabulate(shape, (...index) => {
      const [i, j] = index.slice(-2);
      const batch = index.slice(0, -2);
      return [0, 1, 2].reduce((sum, k) => sum + entry(a, batch, i, k) * entry(b, batch, k, j), 0);
    });
    expectTensor(matmul(a, b), shape, expected);
  });

  it("norm, where squares overflow or underflow", () => {
    for (const size of [1e200, 1e-200, 1]) expectTensor(norm([3 * size, 4 * size]), [], [5 * size]);
  });
});
