import { inFunction, requireFew, requireInteger } from "../../errors.js";
import { randomStream } from "../../random.js";
import { sizeOf } from "../../tensor/view.js";
import { type LossChoice, loss as lossOf } from "../losses.js";
import { meansOf } from "../means.js";
import type { Network } from "../network.js";
import { type Architecture, chainOf, type DenseLayer, layoutOf } from "./architecture.js";
import { chainLogits } from "./forward.js";
import { denseLoss } from "./loss.js";
import { forgetfulLossOn } from "./reuse.js";

/** A chain of dense layers as a network. */
export interface DenseNet extends Network {
  readonly closedForm: Architecture;
  /**
   * Initial parameters, uniform on ±1/√(fan-in) for weights and biases (PyTorch's default for linear layers).
   * @param seed an integer ≥ 0 @throws ArgumentError
   */
  init(seed: number): Float64Array;
}

/** @throws ArgumentError for an unknown loss */
export function denseNet(
  inputs: number,
  descriptions: readonly Pick<DenseLayer, "units" | "bias" | "activation">[],
  loss: LossChoice,
): DenseNet {
  lossOf(loss);
  const { layers, size } = chainOf(inputs, descriptions);
  const outputs = layers[layers.length - 1].units;
  const shape = { inputs, outputs, loss, size, layout: layoutOf(layers) };
  const closedForm: Architecture = { ...shape, layers };
  return {
    ...shape,
    closedForm,
    lossOn: forgetfulLossOn((batch, options) => denseLoss({ closedForm }, batch, options)),
    init: (seed) => inFunction("init", () => initialParameters(closedForm, requireInteger("seed", seed, 0))),
    predict(theta, x) {
      return inFunction("predict", () => meansOf(loss, chainLogits(closedForm, theta, x)));
    },
  };
}

/** Every tensor draws from a stream of its own name. */
function initialParameters({ layers, size, layout }: Architecture, seed: number): Float64Array {
  requireFew("parameters", size);
  const theta = new Float64Array(size);
  const stream = randomStream(seed, "init");
  for (const { name, shape, offset } of layout) {
    const limit = 1 / Math.sqrt(layers[Number(name.slice(1)) - 1].inputs);
    const draws = stream.stream(name);
    const end = offset + sizeOf(shape);
    for (let at = offset; at < end; at++) theta[at] = draws.uniform(-limit, limit);
  }
  return theta;
}
