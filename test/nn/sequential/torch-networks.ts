import { readFileSync } from "node:fs";
import {
  type Batch,
  type SequentialNet,
  type SequentialOptions,
  sequential,
  type Tensor,
} from "../../../src/index.js";
import { tensor } from "../../../src/tensor/index.js";

/** What PyTorch says of one network at one theta. */
export interface Derivatives {
  readonly logits: number[];
  readonly loss: number;
  readonly gradient: number[];
  /** H·v. */
  readonly product: number[];
  /** The smallest and the largest eigenvalue of H. */
  readonly extremes: readonly [smallest: number, largest: number];
}

/** A network of reference/networks.py. */
export interface Reference {
  readonly name: string;
  readonly description: SequentialOptions;
  readonly count: number;
  readonly names: string[];
  readonly train: Derivatives;
  /** Frozen at the statistics of the first half of the batch; of networks with batch normalisation. */
  readonly eval?: Derivatives;
}

export const references = JSON.parse(
  readFileSync(new URL("reference/networks.json", import.meta.url), "utf8"),
) as readonly Reference[];

export interface Problem {
  readonly net: SequentialNet;
  readonly batch: Batch & { readonly x: Tensor };
  readonly theta: Float64Array;
  readonly v: Float64Array;
}

/** As in networks.py. */
const numbers = (count: number, salt: number, scale: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => ((((7919 * i + salt) % 1009) - 504) / 504) * scale);

export function problemOf({ description, count }: Reference): Problem {
  const net = sequential(description);
  const targets = numbers(count * net.outputs, 5, 1).map((each) => (each + 1) / 2 + 0.01);
  const softmax = net.loss === "softmax-cross-entropy";
  const rowSum = (at: number) => {
    const first = at - (at % net.outputs);
    return targets.subarray(first, first + net.outputs).reduce((sum, each) => sum + each, 0);
  };
  const batch = {
    x: tensor(numbers(count * net.inputs, 3, 1.5), [count, net.inputs]),
    y: tensor(
      targets.map((each, at) => (softmax ? each / rowSum(at) : each)),
      [count, net.outputs],
    ),
    weights: numbers(count, 23, 1).map((each) => (each + 1.5) / count),
  };
  return { net, batch, theta: numbers(net.size, 11, 0.6), v: numbers(net.size, 17, 1) };
}

/** The network in eval mode, as networks.py populates it. */
export function frozenOf({ net, theta, batch: { x } }: Problem): SequentialNet {
  const half = Math.floor(x.shape[0] / 2);
  return net.frozen(theta, tensor(x.data.slice(0, half * net.inputs), [half, net.inputs]));
}
