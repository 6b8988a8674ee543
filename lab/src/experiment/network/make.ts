import { type Batch, multilayerNet, type Network, type SequentialNet, sequential } from "flatward";
import type { LabelledSamples } from "../../data/dataset.js";
import { LabError } from "../../errors.js";
import { requireRoom } from "../../sizes.js";
import { type DenseConfig, isSequential, type NetworkConfig, type SequentialConfig } from "./config.js";
import type { LayerConfig } from "./layers.js";

type Ends = Pick<LabelledSamples, "name" | "features" | "classes"> & { readonly image?: readonly number[] };

/**
 * The network of a data set.
 * @throws ArgumentError, ShapeError; LabError "usage" where inputs or outputs do not fit the data, and where it is beyond memory
 */
export function networkFor(dataset: Ends, config: NetworkConfig): Network {
  const net = isSequential(config) ? sequentialFor(dataset, config) : denseFor(dataset, config);
  requireRoom("its parameters", net.size, "give smaller layers");
  return net;
}

/**
 * The network as it is measured: what normalises by the batch does so by the statistics of a sample from now on, layer by
 * layer, and nothing is dropped.
 */
export function inEvaluationMode(net: Network, theta: Float64Array, sample: Batch): Network {
  return "frozen" in net ? (net as SequentialNet).frozen(theta, sample.x) : net;
}

/** Whether tr H and tr H² have a closed form: in dense layers one after another, or wherever parameters enter through such. */
export function hasMoments(net: Network): boolean {
  return net.closedForm !== null || Boolean(net.tapped);
}

/** Whether a network differs in evaluation mode, because it normalises by the batch. */
export function normalizesBatches(net: Network): boolean {
  return hasLayer(net, "batchNorm");
}

/** Whether steps of training drop units. */
export function dropsUnits(net: Network): boolean {
  return hasLayer(net, "dropout");
}

function hasLayer(net: Network, wanted: string): boolean {
  const within = (layers: readonly LayerConfig[]): boolean =>
    layers.some(
      ({ kind, layers: inner = [], shortcut = [] }) => kind === wanted || within([...inner, ...shortcut]),
    );
  return "description" in net && within((net as SequentialNet).description.layers as readonly LayerConfig[]);
}

function denseFor({ features, classes }: Ends, { hidden, ...options }: DenseConfig): Network {
  return multilayerNet({ sizes: [features.length, ...[hidden].flat(), classes.length], ...options });
}

function sequentialFor({ name, features, classes, image }: Ends, config: SequentialConfig): Network {
  const { layers, loss, initialization } = config;
  const input: number | readonly number[] = config.input ?? image ?? features.length;
  const extents = [input].flat();
  const size = extents.reduce((product, extent) => product * extent, 1);
  if (size !== features.length)
    throw new LabError(
      "usage",
      `network.input: ${extents.join("×")} are ${size} features, and ${name} has ${features.length}`,
    );
  const net = sequential({
    input,
    layers: withOutputs(layers, classes.length),
    loss,
    initialization,
  } as never);
  requireRoom("the activations of one sample", net.footprint, "give smaller layers");
  if (net.outputs === classes.length) return net;
  throw new LabError(
    "usage",
    `network.layers: the last layer has ${net.outputs} outputs, and ${name} has ${classes.length} classes`,
  );
}

/** The last layer, where it is dense and does not say, has one output for each class. */
function withOutputs(layers: readonly LayerConfig[], classes: number): LayerConfig[] {
  const last = layers.length - 1;
  return layers.map((layer, i) =>
    i === last && layer.kind === "dense" && layer.outputs === undefined
      ? { ...layer, outputs: classes }
      : layer,
  );
}
