import {
  type Batch,
  type LayerDescription,
  randomStream,
  type SequentialNet,
  type SequentialOptions,
  sequential,
} from "../src/index.js";

/** A network of layers with parameters and data. */
export interface LayeredProblem {
  readonly name: string;
  readonly net: SequentialNet;
  readonly theta: Float64Array;
  readonly batch: Batch;
}

export function normals(size: number, seed: number): Float64Array {
  const stream = randomStream(seed, "normals");
  return Float64Array.from({ length: size }, () => stream.normal());
}

function layeredProblem(name: string, options: SequentialOptions, count: number): LayeredProblem {
  const net = sequential(options);
  const stream = randomStream(4, name);
  const x = Array.from({ length: count }, () => Array.from({ length: net.inputs }, () => stream.normal()));
  const y = Array.from({ length: count }, (_, i) => i % net.outputs);
  return { name, net, theta: net.init(2), batch: { x, y } };
}

const convolution: readonly LayerDescription[] = [
  { kind: "conv2d", channels: 2, kernel: 2 },
  { kind: "tanh" },
  { kind: "averagePool2d", size: 2 },
  { kind: "flatten" },
  { kind: "dense", outputs: 3 },
];

/** Small and smooth, and without a closed form. */
export const layeredProblems: readonly LayeredProblem[] = [
  layeredProblem("a convolution", { input: [1, 5, 5], layers: convolution }, 6),
  layeredProblem(
    "batch normalisation in train mode",
    {
      input: 3,
      layers: [
        { kind: "dense", outputs: 3 },
        { kind: "batchNorm" },
        { kind: "softplus" },
        { kind: "dense", outputs: 2 },
      ],
    },
    7,
  ),
];
