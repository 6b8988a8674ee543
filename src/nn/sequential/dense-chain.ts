import { type ActivationChoice, activationNames, relu } from "../dense/activations.js";
import { type Architecture, chainOf, type DenseLayer } from "../dense/architecture.js";
import type { NetworkShape } from "../layout.js";
import type { LayerDescription } from "./layers/table.js";

/**
 * The same network as a chain of dense layers: dense layers with at most one activation between two, smooth or relu, that
 * begin and end in a dense layer, and flatten, which changes no row. Null for every other. Their parameters lie in theta
 * alike.
 */
export function denseChain(
  { inputs, outputs, loss, size, layout }: NetworkShape,
  descriptions: readonly LayerDescription[],
): Architecture | null {
  const chain: Pick<DenseLayer, "units" | "bias" | "activation">[] = [];
  for (const description of descriptions) {
    const { kind } = description;
    const last = chain.length - 1;
    if (kind === "dense") {
      chain.push({ units: description.outputs, bias: description.bias ?? true, activation: "identity" });
    } else if ((kind === "relu" || isSmooth(kind)) && chain[last]?.activation === "identity") {
      chain[last] = { ...chain[last], activation: kind === "relu" ? relu : kind };
    } else if (kind !== "flatten") return null;
  }
  if (chain[chain.length - 1].activation !== "identity") return null;
  return { inputs, outputs, loss, size, layout, layers: chainOf(inputs, chain).layers };
}

/** Whether a chain has three derivatives everywhere, as its closed forms need. */
export function isSmoothChain({ layers }: Architecture): boolean {
  return layers.every(({ activation }) => activation !== relu);
}

function isSmooth<Kind extends LayerDescription["kind"]>(kind: Kind): kind is Kind & ActivationChoice {
  return typeof kind === "object" ? "jet" in kind : (activationNames as readonly string[]).includes(kind);
}
