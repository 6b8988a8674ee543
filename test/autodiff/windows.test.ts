import type { Tensor } from "flatward";
import {
  add,
  averagePool2d,
  checkGrads,
  conv2d,
  grad,
  jvp,
  logSoftmax,
  matmul,
  max,
  maxPool2d,
  mul,
  type Operand,
  relu,
  reshape,
  slice,
  stack,
  sum,
  tanh,
  transpose,
  type Value,
  valueAndGrad,
} from "flatward/autodiff";
import { describe, expect, it } from "vitest";
import { random } from "./examples.js";

const dataOf = (value: Operand): number[] => Array.from((value as Tensor).data);

describe("max pooling", () => {
  /** Independent of windows and selections: the largest of shifted copies. */
  const bySlices = (images: Value, size: number): Value => {
    const [N, C, H, W] = images.shape;
    const shifts = Array.from({ length: size * size }, (_, i) => [Math.floor(i / size), i % size]);
    return max(
      stack(
        shifts.map(([dy, dx]) => slice(images, [0, 0, dy, dx], [N, C, H - size + 1 + dy, W - size + 1 + dx])),
      ),
      { axes: 0 },
    );
  };

  // Three values on 48 pixels: nearly every window has ties.
  const tied = random([2, 1, 6, 4]);
  tied.data.forEach((value, i) => {
    tied.data[i] = Math.round(value);
  });

  it.each([2, 3])("of overlapping %i×%i windows shares the derivative of ties equally, both ways", (size) => {
    const pool = (x: Value) => maxPool2d(x, size, { stride: 1 });
    expect(dataOf(pool(tied as Tensor))).toEqual(dataOf(bySlices(tied as Tensor, size)));
    const direction = random([2, 1, 6, 4]);
    const got = jvp(pool, tied, direction).tangent;
    const wanted = jvp((x: Value) => bySlices(x, size), tied, direction).tangent;
    const weights = random(got.shape);
    const back = (f: (x: Value) => Value) => grad((x: Value) => sum(mul(f(x), weights)))(tied);
    const backWanted = back((x) => bySlices(x, size));
    dataOf(got).forEach((entry, i) => {
      expect(entry).toBeCloseTo(wanted.data[i], 14);
    });
    dataOf(back(pool)).forEach((entry, i) => {
      expect(entry).toBeCloseTo((backWanted as Tensor).data[i], 14);
    });
  });

  it("gives each pixel of a flat window its share", () => {
    const flat = { data: new Float64Array(16).fill(3), shape: [1, 1, 4, 4] };
    const shares = grad((x: Value) => sum(maxPool2d(x, 2)))(flat) as Tensor;
    expect(dataOf(shares)).toEqual(new Array(16).fill(0.25));
  });

  it("passes what is not a number on, forwards and backwards", () => {
    const broken = { data: Float64Array.of(1, Number.NaN, 3, 2), shape: [1, 1, 2, 2] };
    const { value, gradient } = valueAndGrad((x: Value) => {
      const most = maxPool2d(x, 2);
      return sum(mul(most, most));
    })(broken);
    expect(value).toBeNaN();
    expect(dataOf(gradient as Tensor)).toEqual(new Array(4).fill(Number.NaN));
  });
});

describe("average pooling", () => {
  // Independent of the kernels: the convolution with one filter of equal weights, channel by channel.
  it.each([
    [2, 2, 0],
    [3, 1, 1],
    [3, 2, 0],
    [4, 3, 2],
  ])("of %i×%i windows is a convolution with equal weights, both ways", (size, stride, padding) => {
    const images = random([2, 3, 7, 6]);
    const filter = { data: new Float64Array(size * size).fill(1 / (size * size)), shape: [1, 1, size, size] };
    const pool = (x: Value) => averagePool2d(x, size, { stride, padding });
    const convolve = (x: Value) => {
      const planes = conv2d(reshape(x, [6, 1, 7, 6]), filter, { stride, padding });
      return reshape(planes, [2, 3, ...planes.shape.slice(2)]);
    };
    const [got, wanted] = [pool(images as Tensor), convolve(images as Tensor)];
    expect(got.shape).toEqual(wanted.shape);
    const weights = random(got.shape);
    const back = (f: (x: Value) => Value) => grad((x: Value) => sum(mul(f(x), weights)))(images);
    const gradients = [back(pool), back(convolve)].map((each) => dataOf(each as Tensor));
    for (const [a, b] of [[dataOf(got), dataOf(wanted)], gradients]) {
      a.forEach((entry, i) => {
        expect(entry).toBeCloseTo(b[i], 14);
      });
    }
  });
});

describe("convolution", () => {
  it("with 1×1 filters is a matrix product over channels", () => {
    const [images, filters] = [random([2, 3, 4, 5]), random([6, 3, 1, 1])];
    const pixels = reshape(transpose(images, [0, 2, 3, 1]), [-1, 3]);
    const product = matmul(pixels, reshape(filters, [6, 3]), { transposeB: true });
    const wanted = transpose(reshape(product, [2, 4, 5, 6]), [0, 3, 1, 2]);
    const got = conv2d(images, filters);
    expect(got.shape).toEqual(wanted.shape);
    dataOf(got).forEach((entry, i) => {
      expect(entry).toBeCloseTo(dataOf(wanted)[i], 13);
    });
  });

  it("gives the same bits every time, with padding and without", () => {
    const at = { x: random([3, 2, 9, 9]), w: random([5, 2, 3, 3]) };
    for (const padding of [0, 2]) {
      const run = () => valueAndGrad(({ x, w }: typeof at) => sum(tanh(conv2d(x, w, { padding }))))(at);
      expect(run()).toEqual(run());
    }
  });
});

describe("convolutional networks have derivatives that agree with finite differences to second order", () => {
  const images = random([3, 1, 8, 8]);
  const targets = random([3, 2]);
  const network =
    (activation: (x: Value) => Value, pool: (x: Value) => Value) =>
    ({ w1, b1, w2, b2, w3 }: Readonly<Record<string, Value>>): Value => {
      const first = pool(activation(add(conv2d(images, w1), b1)));
      const second = pool(activation(add(conv2d(first, w2, { padding: 1 }), b2)));
      const logits = matmul(reshape(second, [3, -1]), w3);
      return sum(mul(targets, logSoftmax(logits)));
    };
  const at = {
    w1: random([2, 1, 3, 3]),
    b1: random([2, 1, 1]),
    w2: random([2, 2, 2, 2]),
    b2: random([2, 1, 1]),
    w3: random([8, 2]),
  };

  it("with tanh and average pooling", () => {
    const report = checkGrads(
      network(tanh, (x) => averagePool2d(x, 2)),
      at,
      { order: 2 },
    );
    expect(report.passed, report.text).toBe(true);
  });

  it("with relu and max pooling, by steps that cross no kink", () => {
    const report = checkGrads(
      network(relu, (x) => maxPool2d(x, 2)),
      at,
      { order: 2, step: 1e-5, tolerance: 1e-4 },
    );
    expect(report.passed, report.text).toBe(true);
  });
});
