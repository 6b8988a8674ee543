import { loadSource } from "../../src/data/sources.js";
import { hashOfBits } from "../../src/experiment/provenance.js";
import { runTraining } from "../../src/experiment/run.js";
import type { Checkpoint } from "../../src/experiment/train.js";
import { recordOf } from "../../src/sweep/record.js";
import { manifest } from "../support/manifests.js";
import { tiny } from "../support/sweeps.js";

/** A small sweep, one of its cells computed, and where its training stood on the way. */
function sweptOnce() {
  const momentum = { name: "gradient-descent", learningRate: 0.1, momentum: 0.5 };
  const planned = manifest({ ...tiny, methods: [momentum], measures: ["trainLoss", "curve", "theta"] });
  const [cell] = planned.cells;
  let checkpoint: Checkpoint | undefined;
  const timed = runTraining(loadSource(planned.data[0].source), cell.config, {
    hashOfBits,
    afterStep: () => "checkpoint",
    onCheckpoint(latest) {
      checkpoint = latest;
    },
  });
  if (timed === undefined || checkpoint === undefined) throw new Error("it was not computed");
  const time = new Date(0).toISOString();
  const effort = { started: time, finished: time, wallSeconds: 1, cpuSeconds: null, trainingSeconds: 1 };
  const ending = { result: timed.result };
  const record = recordOf(cell, planned.engine, planned.data[0], ending, { ...effort, resumedAt: null });
  const saved = { cell: cell.id, ...checkpoint, wallSeconds: 1, cpuSeconds: null };
  return { manifest: planned, cell, record, saved };
}

export const swept = sweptOnce();
