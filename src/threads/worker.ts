// What a thread does: pieces of jobs, for as long as it lives.

import { awaitJob, type DoPiece, takePieces } from "./job.js";
import { Kind } from "./kinds.js";
import { onMessage } from "./platform.js";
import { type SharedMemory, sharedArena, sharedKernel } from "./shared-memory.js";
import { tilesIn } from "./shared-pairs.js";
import { panelsOf } from "./shared-panels.js";
import { reductionsIn } from "./shared-reduction.js";
import { slabsIn } from "./shared-slabs.js";

/** What a thread is sent. */
export interface Shared {
  readonly memory: SharedMemory;
  /** None where there is too little of it. */
  readonly workspace: SharedMemory | undefined;
  readonly control: Int32Array;
  /** Its number: the thread that sends this is 0. */
  readonly owner: number;
  /** Of all threads. */
  readonly count: number;
}

onMessage((message, answer) => {
  const { memory, workspace, control, owner, count } = message as Shared;
  const kernel = sharedKernel(memory);
  const arena = sharedArena(workspace);
  answer(kernel !== undefined && (arena !== undefined || workspace === undefined));
  if (kernel === undefined) return;
  const kinds: DoPiece[] = [];
  kinds[Kind.panel] = panelsOf(kernel, control);
  if (arena !== undefined) {
    kinds[Kind.reduction] = reductionsIn(arena, count);
    kinds[Kind.tiles] = tilesIn(arena.data.buffer);
    kinds[Kind.slabs] = slabsIn(arena.data.buffer);
  }
  for (;;) {
    try {
      takePieces(control, kinds, owner);
    } catch {
      // Who waits for the piece is told, and does it otherwise.
    }
    awaitJob(control);
  }
});
