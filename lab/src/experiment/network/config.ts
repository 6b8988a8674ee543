import { activationNames, lossNames } from "flatward";
import { initializationNames } from "flatward/nn";
import { z } from "zod";
import { oneOf, strict, visibleText } from "../../schema.js";
import { layersSchema } from "./layers.js";

const loss = oneOf("loss", lossNames).default("softmax-cross-entropy");

const notSmooth = {
  relu: "relu has no three derivatives, which the closed forms need; softplus, silu and gelu are smooth relatives, and networks of kind: sequential take it",
};

/** One smooth hidden layer: what the closed forms are for. */
export const threeLayerShape = {
  hidden: z.int().min(1).describe("hidden units"),
  activation: oneOf("activation", activationNames, notSmooth).default("tanh"),
  loss,
  bias: z.boolean().default(true),
};

/** Layers one after another. */
export const sequentialShape = {
  kind: z.literal("sequential"),
  name: visibleText.min(1).max(60).optional().describe("in tables; the layers when absent"),
  input: z
    .union([z.int().min(1), z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)])])
    .optional()
    .describe("features of a sample, or [channels, height, width]; as the data say when absent"),
  layers: layersSchema,
  loss,
  initialization: oneOf("initialization", initializationNames).default("pytorch"),
};

/** Keys of a network whose values are never axes of a grid. */
export const wholeKeys = ["kind", "name", "input", "layers"] as const;

export const networkKinds = ["three-layer", "sequential"] as const;

const threeLayerSchema = strict(threeLayerShape);
const sequentialSchema = strict(sequentialShape);

/** A network, nothing left to a default but what the data say. */
export const networkSchema = z.union([sequentialSchema, threeLayerSchema]);

export type ThreeLayerConfig = z.infer<typeof threeLayerSchema>;
export type SequentialConfig = z.infer<typeof sequentialSchema>;
export type NetworkConfig = ThreeLayerConfig | SequentialConfig;

export function isSequential(network: NetworkConfig): network is SequentialConfig {
  return "layers" in network;
}
