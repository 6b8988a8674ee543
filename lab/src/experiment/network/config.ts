import { activationNames, lossNames } from "flatward";
import { initializationNames } from "flatward/nn";
import { z } from "zod";
import { oneOf, strict, visibleText } from "../../schema.js";
import { layersSchema } from "./layers.js";

const loss = oneOf("loss", lossNames).default("softmax-cross-entropy");

const notSmooth = {
  relu: "relu has no three derivatives, which the closed forms need; softplus, silu and gelu are smooth relatives, and networks of kind: sequential take it",
};

const activation = oneOf("activation", activationNames, notSmooth);
const units = z.int().min(1);

/** Smooth dense layers one after another: what the closed forms are for. */
export const denseShape = {
  hidden: z
    .union([
      units,
      z.array(units).min(2, "a list has two hidden layers or more; the units of one are a number"),
    ])
    .describe("hidden units, or those of every hidden layer"),
  activation: z
    .union([activation, z.array(activation)])
    .default("tanh")
    .describe("of all hidden layers, or of each"),
  loss,
  bias: z
    .union([z.boolean(), z.array(z.boolean())])
    .default(true)
    .describe("of all layers, or of each, the last included"),
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

export const networkKinds = ["dense", "sequential"] as const;

const denseSchema = strict(denseShape);
const sequentialSchema = strict(sequentialShape);

/** A network, nothing left to a default but what the data say. */
export const networkSchema = z.union([sequentialSchema, denseSchema]);

export type DenseConfig = z.infer<typeof denseSchema>;
export type SequentialConfig = z.infer<typeof sequentialSchema>;
export type NetworkConfig = DenseConfig | SequentialConfig;

export function isSequential(network: NetworkConfig): network is SequentialConfig {
  return "layers" in network;
}

/** Every hidden layer's units and activation. */
export function hiddenLayers({
  hidden,
  activation,
}: Pick<DenseConfig, "hidden" | "activation">): { readonly units: number; readonly activation: string }[] {
  return [hidden]
    .flat()
    .map((units, l) => ({ units, activation: Array.isArray(activation) ? activation[l] : activation }));
}
