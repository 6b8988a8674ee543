import { FlatwardError, type Network } from "flatward";
import type { Dataset } from "../data/dataset.js";
import { splitOf, validationCount } from "../data/split.js";
import { inPlan, LabError } from "../errors.js";
import { type RunConfig, runConfigSchema } from "../experiment/config.js";
import { defaultMeasures, measureIds, needOf } from "../experiment/measures/measures.js";
import { type Need, unmetNeed } from "../experiment/measures/needs.js";
import type { Method } from "../experiment/method.js";
import { methods } from "../experiment/methods.js";
import type { NetworkConfig } from "../experiment/network/config.js";
import { networkFor, normalizesBatches } from "../experiment/network/make.js";
import { requireRoomForSamples } from "../experiment/network/room.js";
import { networkTitle } from "../experiment/network/text.js";
import type { Allowance } from "./budget.js";
import { checkBatches, checkBudget, checkMethod, checkPairs, nothingToMeasure } from "./check-cell.js";
import type { Plan } from "./description.js";
import type { GridPoint } from "./expand.js";

/** Fills in what a plan leaves to the data: the network itself, how long an epoch is, what can be measured. */
export interface Completer {
  /** @throws LabError "usage", "data"; FlatwardError */
  complete(point: GridPoint, dataset: Dataset): RunConfig;
  /** Once all points are complete. @throws LabError "usage" for a measure that none of the networks has */
  finish(): void;
}

export function completerOf(plan: Plan, allowance: Allowance): Completer {
  const { measures: asked, budget } = plan.description;
  const ids = measureIds.filter((id) => (asked ?? defaultMeasures).includes(id));
  const network = memoized((dataset, config: NetworkConfig) => {
    try {
      return networkFor(dataset, config);
    } catch (error) {
      throw titled(config, error);
    }
  });
  const samples = memoized(
    (dataset, { testFraction, seed }: { testFraction: number; seed: number }) =>
      splitOf(dataset, testFraction, seed).train.length,
  );
  /** By measure, why a network lacks it; nothing once one has it. */
  const lacks = new Map<string, string | undefined>();

  const complete = (point: GridPoint, dataset: Dataset): RunConfig => {
    const config = point.config;
    const net = network(dataset, config.network);
    checkMethod(config, net);
    checkBudget(config, budget);
    const measures = ids.filter((id) => {
      const lack = unmetNeed(needOf(id), net, asked !== undefined);
      if (lack === undefined || !lacks.has(id)) lacks.set(id, lack);
      return lack === undefined;
    });
    if (measures.length === 0) throw nothingToMeasure(config);
    const { epochs, steps, ...training } = config.training;
    const count = () => {
      const { testFraction, validationFraction } = training;
      const all = Math.min(
        training.samples ?? Number.POSITIVE_INFINITY,
        samples(dataset, { testFraction, seed: 0 }),
      );
      return validationFraction === undefined ? all : all - validationCount(all, validationFraction);
    };
    checkRoom(point, net, { all: dataset.y.length, training: count(), measures });
    if (normalizesBatches(net)) checkBatches(config, net, count());
    checkPairs(config, count());
    const run = runConfigSchema.parse({
      ...config,
      training: {
        ...training,
        steps: steps ?? stepsOf(epochs as number, training.batchSize, count()),
      },
      measures,
    });
    return withSteps(run, allowance.stepsOf(dataset, run));
  };
  const finish = (): void => {
    if (asked === undefined) return;
    const lacking = [...lacks].find(([, lack]) => lack !== undefined);
    if (lacking !== undefined)
      throw new LabError("usage", `measures: ${lacking[0]} ${lacking[1]}; leave it out`);
  };
  return {
    complete: (point, dataset) => inPlan(plan, () => complete(point, dataset)),
    finish: () => inPlan(plan, finish),
  };
}

/** What is computed from the curvature of every sample, where a network has a closed form. */
const inClosedForm: readonly (Need | undefined)[] = ["closed form", "moments", "matrix"];

/** @throws LabError "usage" for what is beyond memory, by sizes alone */
function checkRoom(
  { config: { network, method, training, curvatureSamples } }: GridPoint,
  net: Network,
  { all, training: count, measures }: { all: number; training: number; measures: readonly string[] },
): void {
  const batch = training.batchSize === "full" ? count : Math.min(training.batchSize, count);
  const { closedForm: trained }: Method = methods[method.name];
  const measured = measures.some((id) => inClosedForm.includes(needOf(id)));
  const differentiated = trained === true && method.vectors === undefined;
  const closedForm = Math.max(
    differentiated ? batch : 0,
    measured ? Math.min(curvatureSamples ?? count, count) : 0,
  );
  try {
    requireRoomForSamples(net, { all, batch, closedForm, differentiated });
  } catch (error) {
    throw titled(network, error);
  }
}

/** What the user can mend, saying which network it is of. */
function titled(network: NetworkConfig, error: unknown): unknown {
  if (!(error instanceof FlatwardError || error instanceof LabError)) return error;
  const code = error instanceof LabError ? error.code : "usage";
  return new LabError(code, `${networkTitle(network)}: ${error.message}`);
}

/** Steps of so many passes over the training part. @throws LabError "usage" where that is none, or no number */
function stepsOf(epochs: number, batchSize: number | "full", count: number): number {
  const steps = Math.round(epochs * (batchSize === "full" ? 1 : Math.ceil(count / batchSize)));
  if (Number.isSafeInteger(steps) && steps >= 1) return steps;
  throw new LabError("usage", `training.epochs: ${epochs} passes are ${steps} steps; give at least 1`);
}

/** With this many steps, written to the method where they are not those of the training; a method's own stay. */
function withSteps(config: RunConfig, steps: number): RunConfig {
  const { steps: own = steps, ...method } = config.method;
  return { ...config, method: own === config.training.steps ? method : { ...method, steps: own } };
}

/** What is computed once for each data set and setting. */
function memoized<Setting, Value>(
  compute: (dataset: Dataset, setting: Setting) => Value,
): (dataset: Dataset, setting: Setting) => Value {
  const known = new Map<Dataset, Map<string, Value>>();
  return (dataset, setting) => {
    const ofData = known.get(dataset) ?? new Map<string, Value>();
    known.set(dataset, ofData);
    const key = JSON.stringify(setting);
    let value = ofData.get(key);
    if (value === undefined) {
      value = compute(dataset, setting);
      ofData.set(key, value);
    }
    return value;
  };
}
