import type { RunConfig } from "../../experiment/config.js";
import { engine, hashOf, hashOfBits } from "../../experiment/provenance.js";
import type { ManifestData } from "../../sweep/manifest.js";
import type { TrainedCell } from "../../sweep/trained.js";
import type { SlicePlane } from "./directions.js";
import type { FunctionId } from "./functions.js";

/** A slice to be computed, as threads are given it: all vectors lie in memory that threads share. */
export interface SliceProblem {
  /** 24 hexadecimal digits: a hash of all that decides a value. */
  readonly id: string;
  readonly data: ManifestData;
  readonly config: RunConfig;
  readonly theta: Float64Array;
  readonly directions: readonly Float64Array[];
  readonly axes: readonly Float64Array[];
  readonly functions: readonly FunctionId[];
}

export function sliceProblem(
  { data, record: { config }, theta }: Pick<TrainedCell, "data" | "record" | "theta">,
  { directions, axes }: SlicePlane,
  functions: readonly FunctionId[],
): SliceProblem {
  const { network, training, seed, curvatureSamples } = config;
  const made = {
    engine: engine(),
    data: { sha256: data.sha256, label: data.label },
    // What decides the loss as a function of theta; how theta was found has no part in it.
    config: { network, training, seed, ...(curvatureSamples === undefined ? {} : { curvatureSamples }) },
    theta: hashOfBits(theta),
    directions: directions.map(hashOfBits),
    axes: axes.map(hashOfBits),
    functions,
  };
  return {
    id: hashOf(made).slice(0, 24),
    data,
    config,
    theta: shared(theta),
    directions: directions.map(shared),
    axes: axes.map(shared),
    functions,
  };
}

function shared(vector: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(vector.byteLength));
  copy.set(vector);
  return copy;
}

/** Points of a line that are computed, and kept, together. */
const LINE_CHUNK = 8;

/** A grid in pieces, in order: the rows of a plane, or stretches of a line. They depend on the grid alone. */
export function chunksOf(axes: readonly Float64Array[]): (readonly Float64Array[])[] {
  const [x, y] = axes;
  if (y) return Array.from(y.keys(), (j) => [x, y.subarray(j, j + 1)]);
  const count = Math.ceil(x.length / LINE_CHUNK);
  return Array.from({ length: count }, (_, i) => [x.subarray(i * LINE_CHUNK, (i + 1) * LINE_CHUNK)]);
}
