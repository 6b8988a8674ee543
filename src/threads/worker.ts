// What a thread does: panels of products, for as long as it lives.

import { awaitJob, takePanels } from "./job.js";
import { onMessage } from "./platform.js";
import { type SharedMemory, sharedKernel } from "./shared-memory.js";

/** What a thread is sent. */
export interface Shared {
  readonly memory: SharedMemory;
  readonly control: Int32Array;
  /** Its number: the thread that sends this is 0. */
  readonly owner: number;
}

onMessage((message, answer) => {
  const { memory, control, owner } = message as Shared;
  const kernel = sharedKernel(memory);
  answer(kernel !== undefined);
  if (kernel === undefined) return;
  for (;;) {
    takePanels(control, kernel, owner);
    awaitJob(control);
  }
});
