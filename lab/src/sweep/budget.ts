import { hostname } from "node:os";
import { z } from "zod";
import type { Dataset } from "../data/dataset.js";
import type { RunConfig } from "../experiment/config.js";
import { stepsOfMethod } from "../experiment/method-steps.js";
import { methodNames } from "../experiment/methods.js";
import { networkFor } from "../experiment/network/make.js";
import { trainingCount } from "../experiment/prepare.js";
import { engine, hashOf } from "../experiment/provenance.js";
import { measureStepCost } from "../experiment/step-cost.js";
import { strict } from "../schema.js";

/** What all methods of a plan may get alike. */
export const budgetNames = ["steps", "gradients", "time"] as const;

export type Budget = (typeof budgetNames)[number];

/** What a step was measured to take. */
export const measuredCostSchema = strict({
  /** A hash of all that it depends on. */
  key: z.string(),
  method: z.enum(methodNames),
  /** Of a step, and of one of gradient descent meanwhile. */
  milliseconds: z.number().positive(),
  reference: z.number().positive(),
  host: z.string(),
});

export type MeasuredCost = z.infer<typeof measuredCostSchema>;

/** How many steps of a method a budget allows. */
export interface Allowance {
  /** @throws LabError, FlatwardError */
  stepsOf(dataset: Dataset, config: RunConfig): number;
  /** What was measured for it, before or now. */
  measured(): readonly MeasuredCost[];
}

/**
 * A budget is what so many steps of gradient descent take: as many steps, as many gradients, or as much time. Every method
 * gets the steps that fit in, at least one.
 * @param known what was measured before, and is not measured again
 * @param onMeasure called before a measurement, which takes four seconds
 */
export function allowanceOf(
  budget: Budget,
  known: readonly MeasuredCost[] = [],
  onMeasure: (method: string) => void = () => {},
): Allowance {
  const costs = new Map(known.map((cost) => [cost.key, cost]));
  const used = new Map<string, MeasuredCost>();
  const measured = (dataset: Dataset, config: RunConfig): MeasuredCost => {
    const key = keyOf(dataset, config);
    let cost = costs.get(key);
    if (cost === undefined) {
      const method = config.method.name;
      onMeasure(method);
      cost = { key, method, ...measureStepCost(dataset, config), host: hostname() };
      costs.set(key, cost);
    }
    used.set(key, cost);
    return cost;
  };
  /** Of a step, in steps of gradient descent. */
  const costOf: Record<Budget, (dataset: Dataset, config: RunConfig) => number> = {
    steps: () => 1,
    gradients: (dataset, config) =>
      stepsOfMethod(networkFor(dataset, config.network), config, trainingCount(dataset, config)).gradients,
    time(dataset, config) {
      if (config.method.name === "gradient-descent") return 1;
      const { milliseconds, reference } = measured(dataset, config);
      return milliseconds / reference;
    },
  };
  return {
    stepsOf(dataset, config) {
      const { steps } = config.training;
      return steps === 0 ? 0 : Math.max(1, Math.floor(steps / costOf[budget](dataset, config)));
    },
    measured: () => [...used.values()],
  };
}

/** Settings that multiply something, and add no work. */
const factors: readonly string[] = [
  "learningRate",
  "strength",
  "radius",
  "weightDecay",
  "smoothing",
  "deviation",
  "clip",
  "reuse",
];

/** All that the time of a step depends on. */
function keyOf({ sha256, label }: Dataset, { network, method: given, training }: RunConfig): string {
  const { batchSize, testFraction, samples = null, l2 } = training;
  const method = Object.fromEntries(Object.entries(given).filter(([name]) => !factors.includes(name)));
  const settings = { network, method, batchSize, testFraction, samples, l2 };
  return hashOf({ engine: engine(), sha256, label, ...settings }).slice(0, 24);
}
