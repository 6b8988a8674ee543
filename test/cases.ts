import {
  type ActivationName,
  activationNames,
  type Batch,
  type LossName,
  lossNames,
  type RandomStream,
  randomStream,
  type ThreeLayerNet,
  threeLayerNet,
} from "../src/index.js";
import type { PlainBatch } from "./oracles/network-loss.js";

/** One network with parameters and data, as the engine takes it and as the plain oracle does. */
export interface Case {
  readonly name: string;
  readonly net: ThreeLayerNet;
  readonly theta: Float64Array;
  readonly batch: Batch;
  readonly plain: PlainBatch;
}

/** (N, d, h, K); their number has no divisor in common with the other choices, so all combinations come about. */
const sizes: readonly (readonly [number, number, number, number])[] = [
  [1, 1, 1, 1],
  [1, 3, 2, 2],
  [2, 1, 3, 1],
  [3, 2, 1, 3],
  [5, 2, 3, 2],
  [7, 4, 2, 3],
  [12, 3, 3, 2],
  [20, 2, 4, 3],
  [33, 1, 4, 4],
  [60, 3, 3, 2],
  [60, 1, 1, 1],
  [9, 5, 2, 1],
  [17, 2, 3, 5],
];

/** Targets that the loss admits, and that are no class indices. */
export function denseTargets(loss: LossName, outputs: number, stream: RandomStream): number[] {
  const draws = Array.from({ length: outputs }, () => stream.uniform(0.05, 1));
  const total = draws.reduce((sum, draw) => sum + draw, 0);
  switch (loss) {
    case "softmax-cross-entropy":
      return draws.map((draw) => draw / total);
    case "sigmoid-cross-entropy":
      return draws;
    case "mean-squared-error":
      return draws.map(() => stream.normal());
    case "poisson":
      return draws.map((draw) => 3 * draw);
  }
}

export interface CaseOptions {
  readonly size: readonly [number, number, number, number];
  readonly activation?: ActivationName;
  readonly loss?: LossName;
  readonly bias?: boolean;
  readonly weighted?: boolean;
  readonly targets?: "indices" | "dense";
  readonly seed?: number;
}

/** A case of these choices, drawn from the seed. */
export function makeCase(options: CaseOptions): Case {
  const { activation = "tanh", loss = "softmax-cross-entropy", bias = true } = options;
  const { weighted = false, targets = "indices", seed = 0 } = options;
  const [count, inputs, hidden, outputs] = options.size;
  const stream = randomStream(seed, "cases", activation, loss);
  const net = threeLayerNet({ inputs, hidden, outputs, activation, loss, bias });
  const theta = Float64Array.from({ length: net.size }, () => stream.normal(0, 0.7));
  const x = Array.from({ length: count }, () => Array.from({ length: inputs }, () => stream.normal()));
  const labels = Array.from({ length: count }, () => stream.integer(outputs));
  const oneHot = labels.map((label) => Array.from({ length: outputs }, (_, k) => (k === label ? 1 : 0)));
  const dense = x.map(() => denseTargets(loss, outputs, stream));
  // Weights are used as given: neither equal nor summing to 1, and one of them is 0.
  const weights = x.map((_, i) => (weighted ? (i === 1 ? 0 : stream.uniform(0.2, 2) / count) : 1 / count));
  const sizeName = `N=${count} d=${inputs} h=${hidden} K=${outputs}`;
  return {
    name: `${activation}, ${loss}, ${bias ? "bias" : "no bias"}, ${weighted ? "weighted" : "unweighted"}, ${targets}, ${sizeName}`,
    net,
    theta,
    batch: { x, y: targets === "indices" ? labels : dense, ...(weighted ? { weights } : {}) },
    plain: { x, targets: targets === "indices" ? oneHot : dense, weights },
  };
}

/** Every activation × loss × bias × weights × kind of targets; a new activation or loss joins by its name alone. */
export const cases: readonly Case[] = activationNames
  .flatMap((activation) => lossNames.map((loss) => ({ activation, loss })))
  .flatMap((choice) => [true, false].map((bias) => ({ ...choice, bias })))
  .flatMap((choice) => [false, true].map((weighted) => ({ ...choice, weighted })))
  .flatMap((choice) => (["indices", "dense"] as const).map((targets) => ({ ...choice, targets })))
  .map((choice, at) => makeCase({ ...choice, size: sizes[at % sizes.length], seed: at }));

/**
 * Whether central differences are exact, but for rounding: with these the loss is constant, or quadratic in every
 * single parameter, and so are the entries of its Hessian.
 */
export function isExactByDifferences({ net }: Case): boolean {
  const quadratic = net.activation === "identity" && net.loss === "mean-squared-error";
  return quadratic || (net.loss === "softmax-cross-entropy" && net.outputs === 1);
}
