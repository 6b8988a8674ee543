// Independent of the recursions for dense layers: `sequential` differentiates automatically.

import {
  type LayerDescription,
  type MultilayerNet,
  type SequentialNet,
  sequential,
  type ThreeLayerNet,
} from "../../src/index.js";

/** The same network, layer by layer. */
export function layered(net: ThreeLayerNet | MultilayerNet): SequentialNet {
  const { sizes, activations, biases } =
    "sizes" in net
      ? net
      : {
          sizes: [net.inputs, net.hidden, net.outputs],
          activations: [net.activation],
          biases: [net.bias, net.bias],
        };
  const layers = biases.flatMap((bias, l): LayerDescription[] => {
    const activation = activations[l] ?? "identity";
    return [
      { kind: "dense", outputs: sizes[l + 1], bias },
      ...(activation === "identity" ? [] : [{ kind: activation }]),
    ];
  });
  return sequential({ input: net.inputs, loss: net.loss, layers });
}
