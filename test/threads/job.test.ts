import { describe, expect, it } from "vitest";
import { BLOCK_ROWS } from "../../src/tensor/panels.js";
import { CONTROL_LENGTH } from "../../src/threads/job.js";
import { type SharedKernel, sharedKernel, sharedMemory } from "../../src/threads/shared-memory.js";
import { sharedPanels } from "../../src/threads/shared-panels.js";

/** Where job.ts keeps its ticket, and who computed a panel. */
const [ticket, owners] = [0, 7];

const [rows, columns, depths] = [64, 64, 128];

/** The sums of a block, while something happens as often as a panel is computed. */
function sumsOf(onPanel: (control: Int32Array, calls: number) => void): Float64Array {
  const memory = sharedMemory(2)!;
  const { a, b, sums, multiply } = sharedKernel(memory)!;
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_LENGTH));
  let calls = 0;
  const watched: SharedKernel = {
    ...{ a, b, sums },
    multiply(rowPanels, start, depthCount, out) {
      onPanel(control, calls++);
      multiply(rowPanels, start, depthCount, out);
    },
  };
  const panels = sharedPanels(memory, watched, control);
  for (let i = 0; i < rows * depths; i++) panels.a[i] = Math.sin(i);
  for (let i = 0; i < columns * depths; i++) panels.b[i] = Math.cos(i);
  const added = new Float64Array(rows * columns);
  const add = (column: number, from: number) => {
    for (let i = 0; i < 4 * rows; i++) added[column * rows + i] += panels.sums[from + i];
  };
  expect(panels.multiplyBlock!(rows, columns, depths, BLOCK_ROWS, add)).toBe(true);
  expect(calls).toBe(columns / 4);
  return added;
}

describe("a thread that took a panel and was put aside", () => {
  const alone = sumsOf(() => undefined);

  it("is not waited for", () => {
    expect(alone.every((sum) => sum !== 0)).toBe(true);
    const stolen = sumsOf((control, calls) => {
      if (calls === 0) Atomics.sub(control, ticket, 3);
    });
    expect(stolen).toEqual(alone);
  });

  it("is not believed when it comes back to a later job", () => {
    const late = sumsOf((control, calls) => {
      if (calls > 0) return;
      const job = Atomics.load(control, ticket) & ~0xff;
      const panel = (Atomics.load(control, ticket) & 0xff) - 1;
      Atomics.sub(control, ticket, 1);
      Atomics.store(control, owners + panel, (job - 256) | 1);
    });
    expect(late).toEqual(alone);
  });
});
