import { layerNames } from "flatward/nn";
import { z } from "zod";
import { named, strict } from "../../schema.js";

const extent = z.int().min(1);
const bias = z.boolean().default(true);
const stride = extent.default(1);
const padding = z.int().min(0).default(0).describe("zeros on every side");

/** The options of layers in a plan, by kind. */
const parameters = {
  dense: {
    outputs: extent
      .optional()
      .describe("the number of classes when absent, which only the last layer may have"),
    bias,
  },
  conv2d: {
    channels: extent.describe("of the output"),
    kernel: extent.describe("its side"),
    stride,
    padding,
    bias,
  },
  maxPool2d: { size: extent, stride: extent.optional().describe("the size when absent") },
  averagePool2d: { size: extent, stride: extent.optional().describe("the size when absent"), padding },
  flatten: {},
  batchNorm: { epsilon: z.number().positive().default(1e-5).describe("added to the variance") },
  layerNorm: {
    epsilon: z.number().positive().default(1e-5).describe("added to the variance"),
    affine: z.boolean().default(true).describe("whether it scales and shifts"),
  },
  dropout: { rate: z.number().min(0).lt(1).describe("share of activations that a step sets to 0") },
} satisfies Record<string, z.core.$ZodLooseShape>;

/** Kinds without options. */
const activations = layerNames.filter((kind) => kind !== "residual" && !(kind in parameters));

const layerSchema: z.ZodType<LayerConfig> = z.lazy(() => anyLayer);

/** Layers in the order in which data pass them. */
export const layersSchema = z
  .array(layerSchema)
  .min(1, "the list is empty; a network has at least one layer")
  .describe("in order, each { kind: …, … }");

const anyLayer = named("kind", "kind of layer", layerNames, [
  ...Object.entries(parameters).map(([kind, shape]) => strict({ kind: z.literal(kind), ...shape })),
  strict({ kind: z.literal("residual"), layers: layersSchema, shortcut: layersSchema.optional() }),
  ...activations.map((kind) => strict({ kind: z.literal(kind) })),
]) as unknown as z.ZodType<LayerConfig>;

/** One layer as a plan has it. */
export interface LayerConfig {
  readonly kind: string;
  readonly layers?: readonly LayerConfig[];
  readonly shortcut?: readonly LayerConfig[] | undefined;
  readonly outputs?: number | undefined;
  readonly [parameter: string]: unknown;
}
