import {
  ArgumentError,
  describe,
  inFunction,
  requireFunction,
  requireObject,
  requireOneOf,
} from "../../../errors.js";
import { requireKnownKeys } from "../../../options.js";
import { sizeOf } from "../../../tensor/view.js";
import { ownActivation } from "./activation.js";
import type { Layer, LayerContext, LayerKind, SampleShape } from "./layer.js";
import { ownLayer } from "./own-layer.js";
import { requireAddressable, SEQUENTIAL, shapeError } from "./shapes.js";
import { type LayerDescription, layerKinds, layerNames } from "./table.js";

/** How many layers there are so far of the kinds that a pass must tell apart, and of those with kinks. */
export interface LayerCounts {
  normalizations: number;
  dropouts: number;
  taps: number;
  kinks: number;
}

export function noLayers(): LayerCounts {
  return { normalizations: 0, dropouts: 0, taps: 0, kinks: 0 };
}

const LAYER = '{ kind: "dense", outputs: 10 } is one';

/** Blocks inside of each other; a description that holds itself has no end. */
const MAX_DEPTH = 16;

/**
 * Layers one after the other, as one layer. Parameters are named by position and layer, as PyTorch names those of
 * nn.Sequential: "0.weight", "3.layers.1.bias".
 * @param path of the list in the description: "layers" @throws ArgumentError, ShapeError that name the layer
 */
export function makeChain(
  path: string,
  descriptions: unknown,
  input: SampleShape,
  counts: LayerCounts,
  depth = 0,
): Layer {
  if (!Array.isArray(descriptions) || descriptions.length === 0) {
    throw new ArgumentError({
      expected: `${path} to be an array of at least one layer`,
      got: describe(descriptions),
    });
  }
  const layers: Layer[] = [];
  let shape = input;
  // Holes too are visited, and refused.
  for (const [i, description] of descriptions.entries()) {
    const layer = makeLayer(`${path}[${i}]`, description, shape, counts, depth);
    layers.push(layer);
    shape = layer.output;
  }
  const ends: number[] = [];
  const parameters = layers.flatMap((layer, i) => {
    ends.push((ends[i - 1] ?? 0) + layer.parameters.length);
    return layer.parameters.map((parameter) => ({ ...parameter, name: `${i}.${parameter.name}` }));
  });
  return {
    output: shape,
    parameters,
    footprint: layers.reduce((total, layer) => total + layer.footprint, sizeOf(input)),
    apply(x, values, pass) {
      let y = x;
      layers.forEach((layer, i) => {
        y = layer.apply(y, values.slice(ends[i - 1] ?? 0, ends[i]), pass);
      });
      return y;
    },
  };
}

/** How a layer of that kind is made. @throws ArgumentError */
function kindOf(name: string, kind: LayerDescription["kind"]): LayerKind<never> {
  if (kind === null || typeof kind !== "object")
    return layerKinds[
      requireOneOf(name, kind, layerNames, kind === undefined ? LAYER : undefined)
    ] as LayerKind<never>;
  if ("jet" in kind) return ownActivation(kind) as LayerKind<never>;
  requireFunction(
    `${name}.make`,
    kind.make,
    "a layer of your own is { name, make(context) }, an activation { name, jet }",
  );
  return ownLayer(kind) as LayerKind<never>;
}

function makeLayer(
  path: string,
  description: unknown,
  input: SampleShape,
  counts: LayerCounts,
  depth: number,
): Layer {
  return inFunction(SEQUENTIAL, () => {
    requireObject(path, description, LAYER);
    const { kind: given, ...options } = description as LayerDescription;
    const row = kindOf(`${path}.kind`, given);
    const kind = typeof given === "string" ? given : given.name;
    const [option] = Object.keys(options);
    if (row.options.length === 0 && option !== undefined) {
      throw new ArgumentError({
        expected: `${path} (${kind}) to have no options`,
        got: describe(option),
      });
    }
    requireKnownKeys(options, row.options, `an option of ${path} (${kind})`);
    const context: LayerContext = {
      path,
      kind,
      input,
      nested(option, inner) {
        if (depth === MAX_DEPTH) {
          throw shapeError(context, {
            expected: `at most ${MAX_DEPTH} blocks inside of each other`,
            got: "more",
            next: "put layers one after the other; no description may hold itself",
          });
        }
        const layer = makeChain(`${path}.${option}`, inner, input, counts, depth + 1);
        const named = layer.parameters.map((each) => ({ ...each, name: `${option}.${each.name}` }));
        return { ...layer, parameters: named };
      },
      nextNormalization: () => counts.normalizations++,
      nextDropout: () => counts.dropouts++,
      nextTap: () => counts.taps++,
    };
    if (row.hasKinks) counts.kinks++;
    const layer = row.make(description as never, context);
    requireAddressable(context, "its result", layer.output);
    for (const { name, shape } of layer.parameters) requireAddressable(context, name, shape);
    return layer;
  });
}
