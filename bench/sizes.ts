import { type Batch, randomStream, type ThreeLayerNet, tensor, threeLayerNet } from "flatward";

/** Extents of a benchmark problem: N samples, d features, h hidden units, K classes. */
export interface Size {
  readonly samples: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}

export const sizes: Readonly<Record<string, Size>> = {
  /** As Iris. */
  S1: { samples: 150, inputs: 4, hidden: 8, outputs: 3 },
  S2: { samples: 512, inputs: 20, hidden: 32, outputs: 10 },
  /** As the digits. */
  S3: { samples: 1797, inputs: 64, hidden: 32, outputs: 10 },
  /** As a batch of MNIST: H of 50,890 columns is not formed. */
  S4: { samples: 256, inputs: 784, hidden: 64, outputs: 10 },
};

/** What a table's reader must know. */
export function described({ samples, inputs, hidden, outputs }: Size): string {
  const parameters = hidden * (inputs + 1) + outputs * (hidden + 1);
  return `N = ${samples}, d = ${inputs}, h = ${hidden}, K = ${outputs}, n = ${parameters}`;
}

export interface Problem {
  readonly net: ThreeLayerNet;
  readonly theta: Float64Array;
  readonly batch: Batch;
}

/** Numbers of a stream of their own. */
export function normals(length: number, name = "bench"): Float64Array {
  const draws = randomStream(1, name);
  return Float64Array.from({ length }, () => draws.normal());
}

/** A network at its initial parameters, and normal features with random labels. */
export function problemOf({ samples, inputs, hidden, outputs }: Size): Problem {
  const draws = randomStream(1, "bench");
  const net = threeLayerNet({ inputs, hidden, outputs });
  const x = tensor(
    Float64Array.from({ length: samples * inputs }, () => draws.normal()),
    [samples, inputs],
  );
  const y = Int32Array.from({ length: samples }, () => draws.integer(outputs));
  return { net, theta: net.init(1), batch: { x, y } };
}
