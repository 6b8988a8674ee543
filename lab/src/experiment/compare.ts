import type { ThreeLayerNet } from "flatward";
import { Tinypool } from "tinypool";
import type { Dataset } from "../data/dataset.js";
import { LabError } from "../errors.js";
import { measures } from "./measures.js";
import { type Method, methodsFor } from "./methods.js";
import type { ComparisonPlan } from "./plan.js";
import { hashOf, type Provenance, provenance } from "./provenance.js";
import { networkFor, prepare, type RunResult, type TimedRun } from "./run.js";
import { type Summary, summarize } from "./statistics.js";
import type { Task, WorkerContext } from "./worker.js";

export interface MethodResult extends Pick<Method, "id" | "label" | "family" | "hyperparameters"> {
  /** Over seeds, by measure id; timings included. */
  readonly summary: Readonly<Record<string, Summary>>;
  readonly runs: readonly RunResult[];
}

export interface Comparison {
  readonly format: "flatward-compare/1";
  /** SHA-256 of data, plan and every run: all but timings and provenance. The same seeds give the same hash. */
  readonly sha256: string;
  readonly data: {
    readonly name: string;
    readonly sha256: string;
    readonly samples: number;
    readonly features: number;
    readonly classes: readonly string[];
    readonly label: string;
  };
  readonly plan: ComparisonPlan;
  /** n, parameters of the network. */
  readonly parameters: number;
  readonly methods: readonly MethodResult[];
  readonly provenance: Provenance;
}

/** Heard by whoever shows progress. */
export interface ComparisonListener {
  onStart(runs: number, steps: number): void;
  /** Steps done so far, several times a second. */
  onSteps(done: number): void;
  onRun(method: Method, run: RunResult): void;
  onEnd(): void;
}

/** Between two looks at the workers' step counter. */
const PROGRESS_INTERVAL = 120;

/**
 * Trains every method from every seed on a pool of worker threads, and measures what came out. The results depend on
 * data and plan alone, not on the number of workers.
 * @throws LabError, FlatwardError
 */
export async function compare(
  dataset: Dataset,
  plan: ComparisonPlan,
  workers: number,
  listener: ComparisonListener,
): Promise<Comparison> {
  const started = performance.now();
  const methods = methodsFor(plan);
  const net = checkPlan(dataset, plan);

  const tasks = plan.seeds.flatMap((seed) => methods.map((_, method): Task => ({ method, seed })));
  const runs = await runTasks(dataset, plan, tasks, Math.min(workers, tasks.length), listener, methods);

  const data = {
    name: dataset.name,
    sha256: dataset.sha256,
    samples: dataset.y.length,
    features: dataset.features.length,
    classes: dataset.classes,
    label: dataset.label,
  };
  const results = methods.map((method, index) =>
    summarizeMethod(
      method,
      runs.filter((_, task) => tasks[task].method === index),
    ),
  );
  return {
    format: "flatward-compare/1",
    sha256: hashOf({ data, plan, runs: results.map((result) => result.runs) }),
    data,
    plan,
    parameters: net.size,
    methods: results,
    provenance: provenance(started),
  };
}

/**
 * The network of a plan that can be carried out: everything that would fail later fails here.
 * @throws LabError, FlatwardError
 */
export function checkPlan(dataset: Dataset, plan: ComparisonPlan): ThreeLayerNet {
  for (const seed of plan.seeds) prepare(dataset, plan.testFraction, seed);
  const repeated = plan.strengths.find((strength, i) => plan.strengths.indexOf(strength) !== i);
  if (repeated !== undefined) throw new LabError("usage", `HSR's strength ${repeated} is given twice`);
  return networkFor(dataset, plan);
}

/** Runs the tasks on a pool; results come in the order of the tasks. */
async function runTasks(
  dataset: Dataset,
  plan: ComparisonPlan,
  tasks: readonly Task[],
  workers: number,
  listener: ComparisonListener,
  methods: readonly Method[],
): Promise<TimedRun[]> {
  const stepsDone = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WorkerContext = { dataset, plan, stepsDone };
  const pool = new Tinypool({
    filename: new URL("./worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    workerData,
  });
  listener.onStart(tasks.length, tasks.length * plan.steps);
  const timer = setInterval(() => listener.onSteps(Atomics.load(stepsDone, 0)), PROGRESS_INTERVAL);
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const run: TimedRun = await pool.run(task);
        listener.onRun(methods[task.method], run.result);
        return run;
      }),
    );
  } finally {
    clearInterval(timer);
    listener.onEnd();
    await pool.destroy();
  }
}

function summarizeMethod(
  { id, label, family, hyperparameters }: Method,
  runs: readonly TimedRun[],
): MethodResult {
  const summary = measures.map((measure) => {
    const values = runs.map((run) =>
      measure.reproducible ? run.result.measures[measure.id] : run.millisecondsPerStep,
    );
    return [measure.id, summarize(values)];
  });
  return {
    id,
    label,
    family,
    hyperparameters,
    summary: Object.fromEntries(summary),
    runs: runs.map((run) => run.result),
  };
}
