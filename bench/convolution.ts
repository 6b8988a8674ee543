import { hessianOperator, hessianVectorProduct, lossAndGradient, sequential } from "flatward";
import { matmul, tensor } from "flatward/tensor";
import { normals } from "./sizes.js";
import type { Task } from "./tasks.js";

/** Two convolutions with pooling, and a dense layer, on images of 28×28. */
export const convolutionalNet = sequential({
  input: [1, 28, 28],
  layers: [
    { kind: "conv2d", channels: 10, kernel: 5 },
    { kind: "relu" },
    { kind: "maxPool2d", size: 2 },
    { kind: "conv2d", channels: 20, kernel: 5 },
    { kind: "relu" },
    { kind: "maxPool2d", size: 2 },
    { kind: "flatten" },
    { kind: "dense", outputs: 10 },
  ],
});

const samples = 64;

/** Extents of its convolutions, and how many products of their size a gradient needs: the first has images of no interest. */
const convolutions = [
  { channels: 1, extent: 28, outputs: 10, window: 5, products: 2 },
  { channels: 10, extent: 12, outputs: 20, window: 5, products: 3 },
] as const;

export function convolutionProblem() {
  const x = tensor(normals(samples * convolutionalNet.inputs), [samples, convolutionalNet.inputs]);
  const y = Int32Array.from({ length: samples }, (_, i) => i % convolutionalNet.outputs);
  return { theta: convolutionalNet.init(1), batch: { x, y }, v: normals(convolutionalNet.size) };
}

/** A convolution and both its derivatives, as their definitions say them. */
function naiveConvolution({ channels, extent, outputs, window }: (typeof convolutions)[number]): () => void {
  const across = extent - window + 1;
  const images = normals(samples * channels * extent * extent);
  const filters = normals(outputs * channels * window * window);
  const adjoints = normals(samples * outputs * across * across);
  const results = new Float64Array(adjoints.length);
  const ofImages = new Float64Array(images.length);
  const ofFilters = new Float64Array(filters.length);
  return () => {
    for (let n = 0, at = 0; n < samples; n++) {
      for (let o = 0; o < outputs; o++) {
        for (let y = 0; y < across; y++) {
          for (let x = 0; x < across; x++, at++) {
            for (let c = 0, filter = o * channels * window * window; c < channels; c++) {
              for (let dy = 0; dy < window; dy++) {
                let image = ((n * channels + c) * extent + y + dy) * extent + x;
                for (let dx = 0; dx < window; dx++, image++, filter++) {
                  results[at] += filters[filter] * images[image];
                  ofFilters[filter] += adjoints[at] * images[image];
                  ofImages[image] += adjoints[at] * filters[filter];
                }
              }
            }
          }
        }
      }
    }
  };
}

/** As many multiplications as the convolutions' part of a gradient has, in products of 512×512 matrices. */
function productsAlone(): () => void {
  const side = 512;
  const square = tensor(normals(side * side), [side, side]);
  const needed = convolutions.reduce((total, { channels, extent, outputs, window, products }) => {
    const across = extent - window + 1;
    return total + products * samples * outputs * across * across * channels * window * window;
  }, 0);
  const whole = Math.floor(needed / (side * side * side));
  const rows = Math.round((needed - whole * side * side * side) / (side * side));
  const rest = tensor(square.data.slice(0, rows * side), [rows, side]);
  return () => {
    for (let i = 0; i < whole; i++) matmul(square, square);
    matmul(rest, square);
  };
}

const group = `CNN of ${samples}`;

export const convolutionTasks: readonly Task[] = [
  {
    group,
    name: "convolutions, naive",
    isUnit: true,
    setUp() {
      const runs = convolutions.map(naiveConvolution);
      return () => {
        for (const run of runs) run();
      };
    },
  },
  { group, name: "their products alone", setUp: productsAlone },
  {
    group,
    name: "loss + gradient",
    setUp() {
      const { theta, batch } = convolutionProblem();
      return () => lossAndGradient(convolutionalNet, theta, batch);
    },
  },
  {
    group,
    name: "H·v",
    setUp() {
      const { theta, batch, v } = convolutionProblem();
      return () => hessianVectorProduct(convolutionalNet, theta, batch, v);
    },
  },
  {
    group,
    name: "H·v, once more",
    setUp() {
      const { theta, batch, v } = convolutionProblem();
      const operator = hessianOperator(convolutionalNet, theta, batch);
      const out = new Float64Array(convolutionalNet.size);
      return () => operator.apply(v, out);
    },
  },
];
