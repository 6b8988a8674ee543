import {
  ArgumentError,
  describe,
  inFunction,
  requireFew,
  requireFinite,
  requireInteger,
  requireOneOf,
} from "../../errors.js";
import type { Complete } from "../../options.js";
import { requireOptions } from "../../options.js";
import { type MatrixLike, sizeOf, type Tensor } from "../../tensor/view.js";
import { prepareInputs } from "../batch.js";
import type { Architecture } from "../dense/architecture.js";
import { checkParameters, type ParameterBlock } from "../layout.js";
import { type LossChoice, loss as lossOf } from "../losses.js";
import { meansOf } from "../means.js";
import type { Network } from "../network.js";
import type { TappedNetwork } from "../taps.js";
import { denseChain, isSmoothChain } from "./dense-chain.js";
import { type InitializationName, initializationNames, initialParameters } from "./initialization.js";
import { makeChain, noLayers } from "./layers/chain.js";
import type { Moments, SampleShape } from "./layers/layer.js";
import { SEQUENTIAL, shapeError } from "./layers/shapes.js";
import type { LayerDescription } from "./layers/table.js";
import { sequentialLoss } from "./loss.js";
import { logitsInPieces, type Model } from "./model.js";
import { populationMoments } from "./population.js";
import { tappedOf } from "./tapped.js";

/** A network as plain data. */
export interface SequentialOptions {
  /** d features, or images of shape [C,H,W]: then a sample is a row of C·H·W numbers, channel by channel, row by row. */
  readonly input: number | readonly [channels: number, rows: number, columns: number];
  /** In the order in which a sample passes them; the last must end in K features, the logits. */
  readonly layers: readonly LayerDescription[];
  /** Default "softmax-cross-entropy". */
  readonly loss?: LossChoice | undefined;
  /** Default "pytorch". */
  readonly initialization?: InitializationName | undefined;
}

/** A network of layers, differentiated automatically. A chain of dense layers has closed forms beside that. */
export interface SequentialNet extends Network {
  readonly tapped: TappedNetwork | null;
  /**
   * What it was made from, as a frozen copy in which `loss` and `initialization` are filled in, and options of layers
   * are as they were given: `sequential(net.description)` makes the network again, in "train" mode.
   */
  readonly description: Complete<SequentialOptions>;
  /** "train": normalises every batch by its own statistics. "eval": it was frozen. */
  readonly mode: "train" | "eval";
  /** About how many numbers the gradient of one sample keeps, besides parameters; batches are cut into pieces by it. */
  readonly footprint: number;
  /**
   * The last layer's outputs u, before the mean p is taken.
   * @param x (N,d) @returns (N,K) @throws ShapeError, NonFiniteError
   */
  logits(theta: Float64Array, x: MatrixLike): Tensor;
  /**
   * The same network, the same theta, in "eval" mode: batch normalisation by the population statistics of x at this theta,
   * which stay as they are for every later theta; no dropout.
   * @param x (N,d) @throws ShapeError, NonFiniteError; ArgumentError where a layer of the caller's own does not apply one
   */
  frozen(theta: Float64Array, x: MatrixLike): SequentialNet;
}

/**
 * Describes a network of layers; it holds no parameters. Theta holds the layers' parameters in the order of PyTorch's
 * `parameters_to_vector(nn.Sequential(…))`.
 * @throws ArgumentError, ShapeError that name the layer
 * @example
 * import { sequential } from "flatward";
 * const convolution = { kind: "conv2d", channels: 4, kernel: 3 };
 * const net = sequential({
 *   input: [1, 8, 8],
 *   layers: [convolution, { kind: "relu" }, { kind: "flatten" }, { kind: "dense", outputs: 10 }],
 * });
 * console.log(net.layout.map(({ name }) => name).join(" ")); // → 0.weight 0.bias 3.weight 3.bias
 * console.log(net.size, 4 * (3 * 3 + 1) + 10 * (4 * 6 * 6 + 1)); // → 1490 1490
 */
export function sequential(options: SequentialOptions): SequentialNet {
  return inFunction(SEQUENTIAL, () => {
    requireOptions(options, ["input", "layers", "loss", "initialization"], "at least { input, layers }");
    const { input, layers, loss = "softmax-cross-entropy", initialization = "pytorch" } = options;
    const sample = sampleShape(input);
    requireFew("numbers in a sample", sizeOf(sample));
    lossOf(loss);
    requireOneOf("initialization", initialization, initializationNames);
    const counts = noLayers();
    const chain = makeChain("layers", layers, sample, counts);
    if (chain.output.length !== 1) {
      const last = layers.length - 1;
      throw shapeError(
        { path: `layers[${last}]`, kind: nameOf(layers[last]) },
        {
          expected: "the last layer to end in logits (K)",
          got: `images (${chain.output})`,
          next: 'add { kind: "flatten" } and a dense layer',
        },
      );
    }
    let size = 0;
    const layout: ParameterBlock[] = chain.parameters.map(({ name, shape }) => {
      const block = { name, shape, offset: size };
      size += sizeOf(shape);
      requireFew(`parameters up to ${name}`, size);
      return block;
    });
    if (size === 0) {
      throw new ArgumentError({
        expected: "a layer with parameters",
        got: "none",
        next: "add a dense layer",
      });
    }
    const model: Model = {
      inputs: sizeOf(sample),
      outputs: chain.output[0],
      loss,
      size,
      layout: deepFreeze(layout),
      sample,
      chain,
      counts,
    };
    const description = copied({ input, layers, loss, initialization });
    return netOf(model, deepFreeze(description), deepFreeze(denseChain(model, description.layers)));
  });
}

function netOf(
  model: Model,
  description: Complete<SequentialOptions>,
  dense: Architecture | null,
  moments?: readonly Moments[],
): SequentialNet {
  const { inputs, outputs, loss, size, layout, chain } = model;
  const frozenPass = moments && { moments: (index: number) => moments[index], firstSample: 0 };
  const logits = (theta: Float64Array, x: MatrixLike): Tensor => {
    const rows = prepareInputs("x", model, x);
    checkParameters("theta", model, theta);
    return logitsInPieces(model, theta, rows, frozenPass);
  };
  return {
    inputs,
    outputs,
    loss,
    size,
    layout,
    description,
    mode: moments ? "eval" : "train",
    footprint: chain.footprint,
    init: (seed) =>
      inFunction("init", () => {
        requireInteger("seed", seed, 0);
        return initialParameters(description.initialization, chain.parameters, size, seed);
      }),
    logits(theta, x) {
      return inFunction("logits", () => {
        const u = logits(theta, x);
        requireFinite("the logits", u.data, "lower the learning rate, or scale the inputs");
        return u;
      });
    },
    predict(theta, x) {
      return inFunction("predict", () => meansOf(loss, logits(theta, x)));
    },
    frozen(theta, x) {
      return inFunction("frozen", () => {
        const rows = prepareInputs("x", model, x);
        checkParameters("theta", model, theta);
        return netOf(model, description, dense, populationMoments(model, theta, rows));
      });
    },
    closedForm: dense && isSmoothChain(dense) ? dense : null,
    denseChain: dense,
    tapped: tappedOf(model, description.layers[description.layers.length - 1].kind === "dense"),
    lossOn: (batch, lossOptions) => sequentialLoss(model, batch, frozenPass, lossOptions),
  };
}

function nameOf({ kind }: LayerDescription): string {
  return typeof kind === "string" ? kind : kind.name;
}

/** A copy of a description, without options that are undefined; what has functions is the caller's own, and stays it. */
function copied<T>(value: T): T {
  if (value === null || typeof value !== "object" || isOwn(value)) return value;
  if (Array.isArray(value)) return value.map(copied) as T;
  const given = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(given.map(([name, entry]) => [name, copied(entry)])) as T;
}

function isOwn(value: object): boolean {
  return Object.values(value).some((entry) => typeof entry === "function");
}

/** What describes a network is shared by all that is made from it. */
function deepFreeze<T>(value: T): T {
  if (value === null || typeof value !== "object" || isOwn(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

function sampleShape(input: SequentialOptions["input"]): SampleShape {
  if (typeof input === "number") return [requireInteger("input", input, 1)];
  if (!Array.isArray(input) || input.length !== 3) {
    throw new ArgumentError({
      expected: "input to be a number of features, or an image shape [C,H,W]",
      got: describe(input),
    });
  }
  // Not `map`, which passes over holes.
  return Array.from(input, (extent, axis) =>
    requireInteger(`input[${axis}]`, extent, 1),
  ) as unknown as SampleShape;
}
