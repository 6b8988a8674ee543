import { ArgumentError, describe, requireObject, requireOneOf } from "../../errors.js";
import { sizeOf } from "../../tensor/view.js";
import type { Layer, LayerKind, SampleShape, Site } from "./layer.js";
import { SEQUENTIAL } from "./shapes.js";
import { type LayerDescription, layerKinds, layerNames } from "./table.js";

/** How many layers of the kinds that a pass must tell apart there are so far. */
export interface LayerCounts {
  normalizations: number;
  dropouts: number;
}

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
): Layer {
  if (!Array.isArray(descriptions) || descriptions.length === 0) {
    throw new ArgumentError({
      where: SEQUENTIAL,
      expected: `${path} to be an array of at least one layer`,
      got: describe(descriptions),
    });
  }
  const layers: Layer[] = [];
  let shape = input;
  descriptions.forEach((description: unknown, i) => {
    const layer = makeLayer(`${path}[${i}]`, description, shape, counts);
    layers.push(layer);
    shape = layer.output;
  });
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

function makeLayer(path: string, description: unknown, input: SampleShape, counts: LayerCounts): Layer {
  requireObject(SEQUENTIAL, path, description, '{ kind: "dense", outputs: 10 } is one');
  const { kind, ...options } = description as LayerDescription;
  requireOneOf(SEQUENTIAL, `${path}.kind`, kind, layerNames);
  const row = layerKinds[kind] as LayerKind<never>;
  for (const option of Object.keys(options)) {
    if (row.options.length === 0) {
      throw new ArgumentError({
        where: SEQUENTIAL,
        expected: `${path} (${kind}) to have no options`,
        got: describe(option),
      });
    }
    requireOneOf(SEQUENTIAL, `an option of ${path} (${kind})`, option, row.options as readonly string[]);
  }
  const site: Site = {
    path,
    kind,
    input,
    nested(option, inner) {
      const layer = makeChain(`${path}.${option}`, inner, input, counts);
      const named = layer.parameters.map((each) => ({ ...each, name: `${option}.${each.name}` }));
      return { ...layer, parameters: named };
    },
    nextNormalization: () => counts.normalizations++,
    nextDropout: () => counts.dropouts++,
  };
  return row.make(description as never, site);
}
