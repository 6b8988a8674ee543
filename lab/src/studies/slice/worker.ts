import { sliceValues } from "flatward/landscape";
import { chooseBackend } from "../../backend.js";
import { LabError, type LabErrorCode } from "../../errors.js";
import { inEvaluationMode, networkFor } from "../../experiment/network/make.js";
import { curvatureSample, prepare } from "../../experiment/prepare.js";
import { loadManifestData } from "../../sweep/manifest.js";
import { type FunctionId, landscapeFunctions } from "./functions.js";
import type { SliceProblem } from "./problem.js";
import type { SliceValues } from "./store.js";

/** One chunk of a slice, as its thread is given it. */
export interface ChunkTask {
  readonly problem: SliceProblem;
  readonly axes: readonly Float64Array[];
  /** [1 when all shall stop, points done since last looked at], shared by all threads. */
  readonly shared: Int32Array;
}

/** What its thread answers. */
export type ChunkAnswer =
  | { readonly kind: "values"; readonly values: SliceValues }
  | { readonly kind: "stopped" }
  /** Its data cannot be read here. */
  | { readonly kind: "refused"; readonly code: LabErrorCode; readonly message: string };

/** Ends a chunk at its next point. */
class Stopped extends Error {}

type Landscape = Readonly<Partial<Record<FunctionId, (theta: Float64Array) => number>>>;

/** Of the slice that this thread has worked on last. */
let latest: { readonly id: string; readonly landscape: Landscape } | undefined;

/** Computes one chunk: the task of every thread of the pool. */
export default function compute({ problem, axes, shared }: ChunkTask): ChunkAnswer {
  try {
    chooseBackend();
    const { theta, directions, functions } = problem;
    const landscape = landscapeOf(problem);
    const values = functions.map((id) => {
      const f = landscape[id] as (theta: Float64Array) => number;
      const watched = (point: Float64Array): number => {
        if (Atomics.load(shared, 0) === 1) throw new Stopped();
        const value = f(point);
        Atomics.add(shared, 1, 1);
        return value;
      };
      const { values } = sliceValues(watched, theta, directions, axes);
      return [id, Array.from(values, (value) => (Number.isNaN(value) ? null : value))];
    });
    return { kind: "values", values: Object.fromEntries(values) };
  } catch (error) {
    if (error instanceof Stopped) return { kind: "stopped" };
    if (error instanceof LabError) return { kind: "refused", code: error.code, message: error.message };
    throw error;
  }
}

function landscapeOf({ id, data, config, theta, functions }: SliceProblem): Landscape {
  if (latest?.id === id) return latest.landscape;
  const dataset = loadManifestData(data);
  const batches = prepare(dataset, config.training, config.seed);
  const sample = curvatureSample(batches.train, config);
  const net = inEvaluationMode(networkFor(dataset, config.network), theta, sample);
  const network = { net, sample, ...batches };
  const landscape = Object.fromEntries(functions.map((name) => [name, landscapeFunctions[name].of(network)]));
  latest = { id, landscape };
  return landscape;
}
