import fc from "fast-check";
import { inFunction, requireFlag, requireInteger } from "../errors.js";
import { type LossName, lossNames } from "../nn/losses.js";
import { makeChain, noLayers } from "../nn/sequential/layers/chain.js";
import type { SampleShape } from "../nn/sequential/layers/layer.js";
import type { LayerDescription } from "../nn/sequential/layers/table.js";
import { type SequentialNet, type SequentialOptions, sequential } from "../nn/sequential/sequential.js";
import { optionsOf } from "../options.js";
import { requireSomeOf } from "./checks.js";
import { printable } from "./printable.js";

/** What a generated network of layers may be. */
export interface SequentialNetworkOptions {
  /** Largest number of layers before the last, residual blocks counted as one. Default 4. */
  readonly maxLayers?: number | undefined;
  /** Only layers that are smooth: no relu, no maxPool2d. Default false. */
  readonly smooth?: boolean | undefined;
  /** With batch normalisation too, whose batches need two samples: `batchFor(net, { minCount: 2 })`. Default false. */
  readonly normalized?: boolean | undefined;
  /** Default: all. */
  readonly losses?: readonly LossName[] | undefined;
}

/**
 * Small networks of layers on features or on images, that end in 1 … 3 logits. They shrink to one dense layer with one
 * input and output, and print as the call that makes them.
 * @example
 * import fc from "fast-check";
 * import { sequentialNetwork } from "flatward/testing";
 * fc.assert(fc.property(sequentialNetwork({ maxLayers: 2 }), (net) => net.outputs <= 3));
 * console.log("holds"); // → holds
 */
export function sequentialNetwork(options: SequentialNetworkOptions = {}): fc.Arbitrary<SequentialNet> {
  return inFunction("sequentialNetwork", () =>
    networkOfLayers(optionsOf(options, ["maxLayers", "smooth", "normalized", "losses"])),
  );
}

function networkOfLayers(options: SequentialNetworkOptions): fc.Arbitrary<SequentialNet> {
  const { maxLayers = 4, smooth = false, normalized = false, losses = lossNames } = options;
  requireInteger("maxLayers", maxLayers, 0);
  requireFlag("smooth", smooth);
  requireFlag("normalized", normalized);
  requireSomeOf("losses", losses, lossNames);
  const extent = fc.integer({ min: 1, max: 5 });
  return fc
    .record({
      input: fc.oneof(
        { withCrossShrink: true },
        extent,
        fc.tuple(fc.integer({ min: 1, max: 2 }), extent, extent),
      ),
      wanted: fc.array(layer(options), { maxLength: maxLayers }),
      outputs: fc.integer({ min: 1, max: 3 }),
      loss: fc.constantFrom(...losses),
    })
    .map(({ input, wanted, outputs, loss }) => {
      const sample: SampleShape = typeof input === "number" ? [input] : input;
      const { layers, shape } = fitting(wanted, sample);
      const flat: LayerDescription[] = shape.length === 1 ? [] : [{ kind: "flatten" }];
      const last: LayerDescription = { kind: "dense", outputs };
      const description: SequentialOptions = { input, loss, layers: [...layers, ...flat, last] };
      return printable(sequential(description), `sequential(${JSON.stringify(description)})`);
    });
}

function layer({
  smooth = false,
  normalized = false,
}: SequentialNetworkOptions): fc.Arbitrary<LayerDescription> {
  const few = fc.integer({ min: 1, max: 3 });
  const bias = fc.boolean();
  const activation = fc.constantFrom<LayerDescription>(
    { kind: "tanh" },
    { kind: "sigmoid" },
    { kind: "softplus" },
    { kind: "silu" },
    { kind: "gelu" },
    { kind: "sin" },
    ...(smooth ? [] : [{ kind: "relu" } as const]),
  );
  const dense = fc.record({ kind: fc.constant("dense" as const), outputs: few, bias });
  const conv2d = fc.record({
    kind: fc.constant("conv2d" as const),
    channels: few,
    kernel: few,
    stride: fc.integer({ min: 1, max: 2 }),
    padding: fc.integer({ min: 0, max: 1 }),
    bias,
  });
  const linear: fc.Arbitrary<LayerDescription> = fc.oneof(dense, conv2d);
  const kinds: fc.Arbitrary<LayerDescription>[] = [
    linear,
    activation,
    fc.record({ kind: fc.constant("averagePool2d" as const), size: few, stride: few }),
    // Smooth at the scale of differences, also where a sample's numbers are nearly the same.
    fc.record({ kind: fc.constant("layerNorm" as const), epsilon: fc.constant(0.1), affine: bias }),
    fc.record({ kind: fc.constant("dropout" as const), rate: fc.constantFrom(0, 0.25, 0.5) }),
    // With a shortcut of the same kind, so that the shapes agree whatever it is.
    fc
      .tuple(linear, activation)
      .map(([each, after]) => ({ kind: "residual", layers: [each, after], shortcut: [each] })),
    fc.tuple(activation).map((layers) => ({ kind: "residual", layers })),
  ];
  if (!smooth) kinds.push(fc.record({ kind: fc.constant("maxPool2d" as const), size: few }));
  if (normalized) kinds.push(fc.constant({ kind: "batchNorm" }));
  return fc.oneof(...kinds);
}

/** The layers that fit what comes before them, and the shape they end in; the others are left out. */
function fitting(wanted: readonly LayerDescription[], input: SampleShape) {
  const layers: LayerDescription[] = [];
  let shape = input;
  for (const each of wanted) {
    try {
      shape = makeChain("layers", [each], shape, noLayers()).output;
      layers.push(each);
    } catch {
      // A convolution of features, or windows larger than the image.
    }
  }
  return { layers, shape };
}
