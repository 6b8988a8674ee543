import { z } from "zod";
import { oneOf, strict } from "../schema.js";
import { measureIds } from "./measures/measures.js";
import { type MethodName, methodNames, methods } from "./methods.js";
import { networkSchema } from "./network/config.js";

const steps = z.int().min(0).describe("optimizer steps");

export const trainingSchema = strict({
  steps,
  labelNoise: z.number().min(0).lt(1).default(0).describe("share of training labels that are made wrong"),
  gradientTolerance: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "stop where the gradient's norm is at most this; not with mini-batches, noise or alternating steps",
    ),
  perturbations: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "perturb a converged run at random this many times; it must converge again each time, which it does not at an unstable point. Converged then means a gradient within gradientTolerance for 100 steps in a row; not with mini-batches, noise or alternating steps",
    ),
  l2: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "weight of ½‖θ‖² beside whatever a method minimises, biases included; loss and curvature are measured without",
    ),
  samples: z
    .int()
    .min(1)
    .optional()
    .describe("of the training part, drawn by the seed, as many of each class as can be; all when absent"),
  batchSize: z
    .union([z.int().min(1), z.literal("full")])
    .default("full")
    .describe('samples a step, or "full": the whole training part'),
  testFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.25)
    .describe(
      "held out of every class; drawn by the seed, as is the starting point; data with a test part of their own keep to that",
    ),
  validationFraction: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe(
      "of the training part, wrong labels and all, held out in the place of the test part, which then is not touched: for choosing settings",
    ),
  scaling: z
    .union([
      oneOf("scaling", ["standardize", "none"]),
      strict({ mean: z.number(), deviation: z.number().positive() }),
    ])
    .default("standardize")
    .describe(
      'of features: "standardize", by mean and deviation of each in the training part; { mean, deviation }, the same for all; or "none"',
    ),
});

/** The same as a plan has it, which may count epochs in the place of steps. */
export const plannedTraining = {
  ...trainingSchema.shape,
  steps: steps.optional(),
  epochs: z.number().positive().optional().describe("passes over the training part, in the place of steps"),
};

/** The settings of one method. */
export function methodSchema<Name extends MethodName>(name: Name) {
  return strict({
    name: z.literal(name),
    ...methods[name].hyperparameters,
    steps: steps.optional().describe("its own number of optimizer steps; those of training when absent"),
  });
}

const anyMethod = z.discriminatedUnion(
  "name",
  methodNames.map((name) => methodSchema(name)) as [
    ReturnType<typeof methodSchema>,
    ...ReturnType<typeof methodSchema>[],
  ],
);

export const curvatureSamples = z
  .int()
  .min(1)
  .describe("training samples, drawn by the seed, that curvature is measured on; all when absent");

export const measureSchema = oneOf("measure", measureIds);

/** All that decides what a training run gives, but its data: nothing is left to a default. */
export const runConfigSchema = strict({
  network: networkSchema,
  method: anyMethod,
  training: trainingSchema,
  seed: z.int().min(0),
  curvatureSamples: curvatureSamples.optional(),
  measures: z.array(measureSchema).min(1),
});

/** How many steps a run takes. */
export function stepsOf({ method, training }: Pick<RunConfig, "method" | "training">): number {
  return method.steps ?? training.steps;
}

export type TrainingConfig = z.infer<typeof trainingSchema>;
export type RunConfig = z.infer<typeof runConfigSchema>;
