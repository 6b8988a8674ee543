import { workerData } from "node:worker_threads";
import type { Dataset } from "../data/dataset.js";
import { methodsFor } from "./methods.js";
import type { ComparisonPlan } from "./plan.js";
import { runMethod, type TimedRun } from "./run.js";

/** What every worker of a pool knows from its start. */
export interface WorkerContext {
  readonly dataset: Dataset;
  readonly plan: ComparisonPlan;
  /** One shared counter of the steps done by all workers. */
  readonly stepsDone: Int32Array;
}

/** One training run: a method of the plan, by its position, and a seed. */
export interface Task {
  readonly method: number;
  readonly seed: number;
}

/** The pool hands its data over inside an array, after its own. */
const context: WorkerContext = Array.isArray(workerData) ? workerData[1] : workerData;

/** Runs one task. */
export default function runTask({ method, seed }: Task): TimedRun {
  const { dataset, plan, stepsDone } = context;
  return runMethod(dataset, plan, methodsFor(plan)[method], seed, () => Atomics.add(stepsDone, 0, 1));
}
