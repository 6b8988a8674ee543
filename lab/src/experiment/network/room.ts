import type { Network, SequentialNet } from "flatward";
import type { DenseLayer } from "flatward/nn";
import { requireRoom } from "../../sizes.js";
import { normalizesBatches } from "./make.js";

/** How many samples go through a network. */
export interface SampleCounts {
  /** Of the data. */
  readonly all: number;
  /** Of a training step. */
  readonly batch: number;
  /** That closed forms are evaluated on; none where none is asked for. */
  readonly closedForm?: number;
  /** Whether gradients of closed forms are asked for too. */
  readonly differentiated?: boolean;
}

/**
 * Whether what a training makes of its samples fits into memory, by sizes alone.
 * @throws LabError "usage"
 */
export function requireRoomForSamples(
  net: Network,
  { all, batch, closedForm = 0, differentiated = false }: SampleCounts,
): void {
  const { outputs } = net;
  requireRoom(
    `${outputs} outputs for each of ${all} samples`,
    outputs * all,
    "give fewer samples, or fewer classes",
  );
  const layers = net.closedForm?.layers ?? net.tapped?.taps;
  if (layers !== undefined) {
    const hidden = layers.slice(0, -1).reduce((sum, { units }) => sum + units, 0);
    requireRoom(
      `${hidden} hidden units for each of ${all} samples`,
      hidden * all,
      "give fewer hidden units, or fewer samples",
    );
    if (closedForm === 0) return;
    // Samples come in tiles that fit; two of them, of one sample at least, are held at once.
    requireRoom(
      `the curvature factors of two samples with ${hidden} hidden units`,
      2 * factorsOf(layers) * (differentiated ? 3 : 1),
      "give fewer hidden units, or no measures and methods in closed form",
    );
    requireRoom(
      `the curvature of ${outputs} outputs for each of ${closedForm} samples`,
      (closedForm * (outputs * (outputs + 1))) / 2,
      "give fewer classes (is the label column the right one?), fewer curvatureSamples, or no measures and methods in closed form",
    );
  } else if (normalizesBatches(net)) {
    const { footprint } = net as SequentialNet;
    requireRoom(
      `the activations of ${batch} samples that are normalized together`,
      footprint * batch,
      "give a smaller training.batchSize",
    );
  }
}

/** Numbers of one sample: for every two layers what joins their units, and what joins units to inputs further up. */
function factorsOf(layers: readonly Pick<DenseLayer, "units" | "inputs">[]): number {
  return layers.reduce((sum, { units, inputs }, m) => {
    const upTo = (end: number) =>
      layers.slice(0, Math.max(end, 0)).reduce((width, below) => width + below.units, 0);
    return sum + units * upTo(m + 1) + inputs * upTo(m - 1);
  }, 0);
}
