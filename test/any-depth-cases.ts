import {
  type ActivationName,
  activationNames,
  type Batch,
  type LossName,
  lossNames,
  type MultilayerNet,
  multilayerNet,
  randomStream,
} from "../src/index.js";
import { denseTargets } from "./cases.js";
import type { PlainBatch } from "./oracles/network-loss.js";

/** A chain with parameters and data, as the engine takes it and as oracles do. */
export interface DeepCase {
  readonly name: string;
  readonly net: MultilayerNet;
  readonly theta: Float64Array;
  readonly batch: Batch;
  readonly plain: PlainBatch;
}

/** 1 … 5 layers of 1 … 3 units, mixed activations and biases, any loss, uneven weights of which one is 0; by number. */
export function deepCase(number: number): DeepCase {
  const stream = randomStream(number, "deep");
  const depth = 1 + (number % 5);
  const extent = () => 1 + stream.integer(3);
  const sizes = Array.from({ length: depth + 1 }, extent);
  const activation = Array.from(
    { length: depth - 1 },
    (): ActivationName => activationNames[stream.integer(activationNames.length)],
  );
  const loss: LossName = lossNames[Math.floor(number / 5) % lossNames.length];
  const bias = sizes.slice(1).map(() => stream.integer(3) > 0);
  const net = multilayerNet({ sizes, activation, loss, bias });
  const theta = Float64Array.from({ length: net.size }, () => stream.normal(0, 0.7));
  const count = 1 + stream.integer(6);
  const x = Array.from({ length: count }, () => Array.from({ length: sizes[0] }, () => stream.normal()));
  const targets = x.map(() => denseTargets(loss, net.outputs, stream));
  const weights = x.map((_, i) => (i === 1 ? 0 : stream.uniform(0.2, 2) / count));
  const batch = { x, y: targets, weights };
  const name = `${number}: ${sizes.join("-")}, ${activation.join(" ")}, ${loss}, biases ${bias.map(Number).join("")}, N=${count}`;
  return { name, net, theta, batch, plain: { x, targets, weights } };
}
