import { printable } from "../../printable.js";
import { type DenseConfig, hiddenLayers, isSequential, type NetworkConfig } from "./config.js";
import type { LayerConfig } from "./layers.js";

/** A network's inputs and classes. */
interface Ends {
  readonly features: number;
  readonly classes: readonly string[];
}

/** `4 → 8 tanh → 8 tanh → 3`, or the layers: `64 → conv2d 6 (3×3) → relu → … → dense 10`. */
export function networkText(network: NetworkConfig, { features, classes }: Ends): string {
  if (!isSequential(network)) {
    const hidden = hiddenLayers(network).map(({ units, activation }) => `${units} ${activation}`);
    return [features, ...hidden, classes.length].join(" → ");
  }
  const { name, input = features, layers } = network;
  const text = `${[input].flat().join("×")} → ${layersText(layers, classes.length)}`;
  return name === undefined ? text : `${name}: ${text}`;
}

/** The same with loss, and whatever else is not the default. */
export function networkDetails(network: NetworkConfig, ends: Ends): string {
  const unusual = isSequential(network)
    ? `, initialization ${network.initialization}`
    : biasText(network.bias);
  return `${networkText(network, ends)}, ${network.loss}${unusual}`;
}

/** What is said of biases where not all layers have them. */
function biasText(bias: DenseConfig["bias"]): string {
  const without = [bias].flat().flatMap((has, l) => (has ? [] : [l + 1]));
  if (without.length === 0) return "";
  return without.length === [bias].flat().length
    ? ", no biases"
    : `, no biases in layer ${without.join(", ")}`;
}

/** The name that a plan gives a network. */
export function networkName(network: NetworkConfig): string | undefined {
  return isSequential(network) ? network.name : undefined;
}

/** What messages call a network. */
export function networkTitle(network: NetworkConfig): string {
  if (!isSequential(network)) return `the network of ${[network.hidden].flat().join(", ")} hidden units`;
  return `the network ${network.name ?? printable(layersText(network.layers), 200)}`;
}

/** A network's settings by their keys, as numbers and words: what tells it from others. */
export function networkSettings(network: NetworkConfig): Readonly<Record<string, unknown>> {
  if (!isSequential(network)) {
    const { length } = hiddenLayers(network);
    return { layers: length === 1 ? "one hidden layer" : `${length} hidden layers`, ...network };
  }
  const { name, layers, loss, initialization } = network;
  return { layers: name ?? layersText(layers), loss, initialization };
}

function layersText(layers: readonly LayerConfig[], outputs?: number): string {
  return layers.map((layer) => layerText(layer, outputs)).join(" → ");
}

function layerText({ kind, ...parameters }: LayerConfig, classes?: number): string {
  const { layers, shortcut, channels, outputs = classes, kernel, size, stride, padding, rate } = parameters;
  if (layers) {
    const around = shortcut ? ` | ${layersText(shortcut)}` : "";
    return `[${layersText(layers)}${around}] +`;
  }
  const extents = [channels ?? (kind === "dense" ? outputs : undefined) ?? size ?? rate];
  const window = [
    ...(kernel === undefined ? [] : [`${kernel}×${kernel}`]),
    ...(stride === undefined || stride === 1 || stride === size ? [] : [`stride ${stride}`]),
    ...(padding ? [`padding ${padding}`] : []),
  ];
  return [
    kind,
    ...extents.filter((extent) => extent !== undefined),
    ...(window.length > 0 ? [`(${window.join(", ")})`] : []),
  ].join(" ");
}
