import { type Backend, useBackend } from "flatward";
import { conv2d } from "flatward/autodiff";
import { matmul, type Tensor, tensor } from "flatward/tensor";
import type { Task } from "./tasks.js";

/** Numbers of size one, without a pattern that a product could notice. */
function filled(...shape: number[]): Tensor {
  const length = shape.reduce((product, extent) => product * extent, 1);
  return tensor(
    Float64Array.from({ length }, (_, i) => Math.sin(i)),
    shape,
  );
}

/** A·B as its definition says it. */
function naive({ data: a, shape: [m, k] }: Tensor, { data: b, shape: [, n] }: Tensor): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a[i * k + l] * b[l * n + j];
      c[i * n + j] = sum;
    }
  }
  return c;
}

/** On each backend, in a process of its own; plain TypeScript is the unit. */
function onBackends(group: string, flops: number, setUp: () => () => unknown): Task[] {
  return (["plain", "wasm"] as const).map((name: Backend) => ({
    group,
    name,
    isUnit: name === "plain",
    flops,
    setUp() {
      useBackend(name);
      return setUp();
    },
  }));
}

/** What S1 … S4 multiply most: forward passes, and inner products of samples' factors in tiles. */
const shapes = {
  "512²": [512, 512, 512],
  "S1 forward": [150, 4, 8],
  "S1 factors": [150, 15, 36],
  "S2 forward": [512, 20, 32],
  "S2 factors": [64, 320, 64],
  "S3 forward": [1797, 64, 32],
  "S3 factors": [64, 496, 64],
  "S4 forward": [256, 784, 64],
} as const;

const convolution = { samples: 64, channels: 10, extent: 12, filters: 20, window: 5 } as const;

function convolutionTasks(): Task[] {
  const { samples, channels, extent, filters, window } = convolution;
  const windows = samples * (extent - window + 1) * (extent - window + 1);
  const taps = channels * window * window;
  return onBackends("product convolution", 2 * filters * taps * windows, () => {
    const images = filled(samples, channels, extent, extent);
    const kernels = filled(filters, channels, window, window);
    return () => conv2d(images, kernels);
  });
}

export const productTasks: readonly Task[] = [
  ...Object.entries(shapes).flatMap(([name, [m, k, n]]) =>
    onBackends(`product ${name}`, 2 * m * k * n, () => {
      const [a, b] = [filled(m, k), filled(k, n)];
      return () => matmul(a, b);
    }),
  ),
  {
    group: "product 512²",
    name: "naive triple loop",
    flops: 2 * 512 * 512 * 512,
    setUp() {
      const [a, b] = [filled(512, 512), filled(512, 512)];
      return () => naive(a, b);
    },
  },
  ...convolutionTasks(),
];
