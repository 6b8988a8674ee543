import { BLOCK_COLUMNS, BLOCK_DEPTH, BLOCK_ROWS, firstOf, type Panels } from "../tensor/panels.js";
import { collect, publish, takePanels } from "./job.js";
import type { SharedKernel, SharedMemory } from "./shared-memory.js";

/** Multiplications in a block below which other threads would come too late: some 60 µs of them. */
const LEAST = 1 << 18;

/** The number of the thread that packs, and adds all sums to C in their order. */
const OWN = 0;

/** Panels in memory that threads share. */
export function sharedPanels({ buffer }: SharedMemory, kernel: SharedKernel, control: Int32Array): Panels {
  const { a, b, sums, multiply } = kernel;
  const starts = new Int32Array(BLOCK_COLUMNS / 4);
  return {
    name: "wasm",
    a: new Float64Array(buffer, a.value, BLOCK_ROWS * BLOCK_DEPTH),
    b: new Float64Array(buffer, b.value, BLOCK_COLUMNS * BLOCK_DEPTH),
    sums: new Float64Array(buffer, sums.value),
    multiply: (rows, _, start, depths) => multiply((rows + 3) >> 2, start, depths, sums.value),
    multiplyBlock(rows, columns, depths, reach) {
      if (rows * columns * depths < LEAST) return undefined;
      const panels = (columns - firstOf(reach) + 3) >> 2;
      if (panels <= 0) return undefined;
      publish(control, panels, rows, depths, reach);
      takePanels(control, kernel, OWN);
      collect(control, kernel, OWN, panels, starts);
      return starts;
    },
  };
}
