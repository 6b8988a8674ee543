import type { MethodConfig } from "../../../experiment/methods.js";
import { engine, hashOf, type Provenance, provenance } from "../../../experiment/provenance.js";
import type { Origin, TrainedCell } from "../../../sweep/trained.js";
import type { DirectionFacts, PathPoint, SliceEnd, SlicePlane } from "../directions.js";
import type { SliceOptions } from "../options.js";
import type { SliceProblem } from "../problem.js";
import type { SliceValues } from "../store.js";

/** `slice.json`. All but `provenance` is the same whenever, wherever and in however many pieces it is computed. */
export interface SliceDocument extends Origin {
  readonly format: "flatward-slice/1";
  /** The slice's identity. */
  readonly id: string;
  readonly training: Origin["training"] & {
    /** n. */
    readonly parameters: number;
  };
  readonly options: SliceOptions;
  /** Training samples that H is of, in eigenvectors, bounds and eigenvalues; absent where it is of all. */
  readonly curvatureSamples?: number;
  /** The cell that the first direction leads to. */
  readonly to?: SliceEnd;
  readonly directions: readonly DirectionFacts[];
  readonly cosine: number | null;
  readonly cosineBefore?: number;
  /** Every function at theta itself. */
  readonly centre: SliceValues;
  /** x, and y of a plane. */
  readonly axes: readonly (readonly number[])[];
  /** Row by row, y ascending; null where a function is not finite. */
  readonly values: SliceValues;
  readonly path?: readonly PathPoint[];
  /** Of the training of that cell, and its method. */
  readonly otherPath?: readonly PathPoint[];
  readonly otherMethod?: MethodConfig;
  /** SHA-256 of all above. */
  readonly sha256: string;
  readonly provenance: Provenance & {
    /** ISO 8601. */
    readonly finished: string;
    /** Of the process that finished it. */
    readonly seconds: number;
  };
}

export function sliceDocument(
  { record, data: { source: _, reading: __, ...data } }: Pick<TrainedCell, "data" | "record">,
  options: SliceOptions,
  { facts, cosine, cosineBefore, path, otherPath }: SlicePlane,
  problem: SliceProblem,
  {
    centre,
    values,
    to,
    method,
  }: Pick<SliceDocument, "centre" | "values" | "to"> & { readonly method?: MethodConfig },
  seconds: number,
): SliceDocument {
  const { steps, status, thetaSha256, parameters, trainingSamples } = record.result;
  const { curvatureSamples = trainingSamples } = record.config;
  const content = {
    format: "flatward-slice/1" as const,
    engine: engine(),
    id: problem.id,
    data,
    config: record.config,
    training: { cell: record.id, engine: record.engine, steps, status, thetaSha256, parameters },
    options,
    ...(curvatureSamples < trainingSamples ? { curvatureSamples } : {}),
    ...(to === undefined ? {} : { to }),
    directions: facts,
    cosine,
    ...(cosineBefore === undefined ? {} : { cosineBefore }),
    centre,
    axes: problem.axes.map((axis) => Array.from(axis)),
    values,
    ...(path ? { path } : {}),
    ...(otherPath && method ? { otherPath, otherMethod: method } : {}),
  };
  return {
    ...content,
    sha256: hashOf(content),
    provenance: { ...provenance(), finished: new Date().toISOString(), seconds },
  };
}
