import { type Batch, randomStream, type ThreeLayerNet, tensor, threeLayerNet } from "flatward";

/** Extents of a benchmark problem: N samples, d features, h hidden units, K classes. */
export interface Size {
  readonly samples: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}

export const sizes: Readonly<Record<string, Size>> = {
  S1: { samples: 150, inputs: 4, hidden: 8, outputs: 3 },
  S2: { samples: 512, inputs: 20, hidden: 32, outputs: 10 },
  S3: { samples: 1797, inputs: 64, hidden: 32, outputs: 10 },
  S4: { samples: 256, inputs: 784, hidden: 64, outputs: 10 },
};

export interface Problem {
  readonly net: ThreeLayerNet;
  readonly theta: Float64Array;
  readonly batch: Batch;
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
