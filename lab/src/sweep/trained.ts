import { type Batch, lossObjective, type Network } from "flatward";
import { LabError } from "../errors.js";
import { inEvaluationMode, networkFor } from "../experiment/network/make.js";
import { type Batches, curvatureSample, prepare } from "../experiment/prepare.js";
import type { RunResult } from "../experiment/run.js";
import { LONGEST_ERROR, printable } from "../printable.js";
import { loadManifestData, type Manifest, type ManifestData } from "./manifest.js";
import type { CellRecord } from "./record.js";
import type { Store } from "./store.js";

/** A finished cell's network at its end, and the data it was trained and tested on. */
export interface TrainedCell extends Batches {
  readonly record: CellRecord & { readonly result: RunResult };
  readonly data: ManifestData;
  /** As it was measured. */
  readonly net: Network;
  readonly theta: Float64Array;
  /** Of the training part, what curvature was measured on. */
  readonly sample: Batch;
}

/** Which network a document is of. */
export interface Origin {
  /** Of flatward, see `engine`. */
  readonly engine: string;
  readonly data: Omit<ManifestData, "source">;
  /** How the network was trained. */
  readonly config: CellRecord["config"];
  /** What came of it. */
  readonly training: {
    readonly cell: string;
    readonly engine: string;
    readonly steps: number;
    readonly status: string;
    readonly thetaSha256: string;
  };
}

/** @param engine flatward's, see `engine` */
export function originOf(
  { record, data: { source: _, reading: __, ...data } }: Pick<TrainedCell, "data" | "record">,
  engine: string,
): Origin {
  const { steps, status, thetaSha256 } = record.result;
  return {
    engine,
    data,
    config: record.config,
    training: { cell: record.id, engine: record.engine, steps, status, thetaSha256 },
  };
}

/** How far a recorded training loss may be from the one computed again: rounding of other code. */
const LOSS_TOLERANCE = 1e-9;

/**
 * Brings a finished cell back: its data checked by their hash, split and scaled as in training, and its
 * recorded training loss against that of its theta.
 * @throws LabError "usage" for a cell that is not done or kept no theta, "data" for data that are not what they were
 */
export function trainedCell(manifest: Manifest, store: Store, index: number): TrainedCell {
  const { id, config, data: position } = manifest.cells[index];
  const cell = `cell ${index} (${id.slice(0, 12)}) of ${store.folder}`;
  const record = store.record(id);
  if (record?.result === undefined)
    throw new LabError(
      "usage",
      `${cell} ${record ? `failed: ${printable(record.error?.message ?? "", LONGEST_ERROR)}` : "is not done"}; run it with: flatward run --of ${store.manifestPath} --index ${index}`,
    );
  const { theta: kept, measures } = record.result;
  if (kept === undefined)
    throw new LabError(
      "usage",
      `${cell} kept no theta; add it to the plan, measures: [theta, …], and run flatward sweep again`,
    );
  const data = manifest.data[position];
  const dataset = loadManifestData(data);
  const theta = Float64Array.from(kept);
  const batches = prepare(dataset, config.training, config.seed);
  const sample = curvatureSample(batches.train, config);
  const net = inEvaluationMode(networkFor(dataset, config.network), theta, sample);
  checkLoss(cell, { net, theta, ...batches }, measures);
  return { record: { ...record, result: record.result }, data, net, theta, sample, ...batches };
}

/** Another split, or another scaling, would show in the loss. */
function checkLoss(
  cell: string,
  { net, theta, train }: Pick<TrainedCell, "net" | "theta" | "train">,
  { trainLoss }: RunResult["measures"],
): void {
  if (!Number.isFinite(trainLoss)) return;
  const loss = lossObjective(net, train).value(theta);
  if (Math.abs(loss - trainLoss) <= LOSS_TOLERANCE * Math.max(Math.abs(trainLoss), Number.MIN_VALUE)) return;
  throw new LabError(
    "data",
    `${cell} has a training loss of ${trainLoss} on record, and its theta now gives ${loss}: this version of flatward splits or scales otherwise; compute it anew with flatward sweep`,
  );
}
