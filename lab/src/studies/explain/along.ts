import { type Batch, explainBound, type Network } from "flatward";
import { LabError } from "../../errors.js";
import { unlessNonFinite } from "../../experiment/measures/measured-network.js";
import { networkFor } from "../../experiment/network/make.js";
import { loadManifestData } from "../../sweep/manifest.js";
import { replayTraining } from "../../sweep/replay.js";
import type { TrainedCell } from "../../sweep/trained.js";

/** Points along a training, beside its start. */
const POINTS = 7;

/** B along the training that ended at a network, in shares. */
export interface Along {
  readonly steps: readonly number[];
  /** The training loss. */
  readonly losses: readonly number[];
  /** B. */
  readonly values: readonly number[];
  /** Of every class and layer at each point. */
  readonly classes: readonly (readonly number[])[];
  readonly layers: readonly (readonly number[])[];
  /** Of the samples together that carry half of B at the end. */
  readonly sharpest: readonly number[];
}

/**
 * Trains the network once more, and explains it on the way.
 * @param sharpest positions in the sample
 * @returns nothing where it cannot be trained to the same bits any more
 */
export function sharesAlong(
  { data, record, train, sample }: TrainedCell,
  sharpest: readonly number[],
): Along | undefined {
  const net = networkFor(loadManifestData(data), record.config.network);
  const path = unlessOther(() =>
    replayTraining(net, { train, sample }, record.config, POINTS, record.result.thetaSha256),
  );
  if (path === undefined) return undefined;
  const points = path.steps.flatMap((step, k) => {
    const shares = unlessNonFinite(() => sharesAt(net, path.thetas[k], sample, sharpest), undefined);
    return shares ? [{ step, loss: path.losses[k], ...shares }] : [];
  });
  return {
    steps: points.map(({ step }) => step),
    losses: points.map(({ loss }) => loss),
    values: points.map(({ value }) => value),
    classes: points.map(({ classes }) => classes),
    layers: points.map(({ layers }) => layers),
    sharpest: points.map((point) => point.sharpest),
  };
}

/** B, and the shares that are followed. */
export function sharesAt(net: Network, theta: Float64Array, sample: Batch, sharpest: readonly number[]) {
  const { value, shares } = explainBound(net, theta, sample, { pairs: false });
  return {
    value,
    classes: Array.from(shares.classes ?? []),
    layers: Array.from(shares.layers),
    sharpest: sharpest.reduce((sum, i) => sum + shares.samples[i], 0),
  };
}

/** Nothing where other bits come out. */
function unlessOther<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof LabError && error.code === "data") return undefined;
    throw error;
  }
}
