import type { Network, SequentialNet } from "flatward";
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
}

/**
 * Whether what a training makes of its samples fits into memory, by sizes alone.
 * @throws LabError "usage"
 */
export function requireRoomForSamples(net: Network, { all, batch, closedForm = 0 }: SampleCounts): void {
  const { outputs } = net;
  requireRoom(
    `${outputs} outputs for each of ${all} samples`,
    outputs * all,
    "give fewer samples, or fewer classes",
  );
  if (net.closedForm !== null) {
    const { layers } = net.closedForm;
    const hidden = layers.slice(0, -1).reduce((sum, { units }) => sum + units, 0);
    const units = (count: number, numbers: number, next: string) =>
      requireRoom(`${hidden} hidden units for each of ${count} samples`, numbers, next);
    units(all, hidden * all, "give fewer hidden units, or fewer samples");
    // As LIMITATIONS.md has it.
    units(
      closedForm,
      closedForm * (hidden ** 2 / 2 + 5 * outputs * hidden),
      "give fewer hidden units, fewer curvatureSamples, or no measures and methods in closed form",
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
