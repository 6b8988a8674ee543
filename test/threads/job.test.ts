import { describe, expect, it } from "vitest";
import { BLOCK_ROWS } from "../../src/tensor/panels.js";
import type { ProductKernel } from "../../src/tensor/wasm-panels.js";
import {
  awaitPiece,
  CONTROL_LENGTH,
  ownerOf,
  publish,
  takePiece,
  takePieces,
} from "../../src/threads/job.js";
import { sharedKernel, sharedMemory } from "../../src/threads/shared-memory.js";
import { sharedPanels } from "../../src/threads/shared-panels.js";

/** Where job.ts keeps its ticket, and who computed a panel. */
const [ticket, owners] = [0, 7];

const [rows, columns, depths] = [64, 64, 128];

/** The sums of a block, while something happens as often as a panel is computed. @param late whether B is packed meanwhile */
function sumsOf(onPanel: (control: Int32Array, calls: number) => void, late: boolean): Float64Array {
  const memory = sharedMemory(2)!;
  const kernel = sharedKernel(memory)!;
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_LENGTH));
  let calls = 0;
  const watched: ProductKernel = {
    ...kernel,
    multiply(rowPanels, start, depthCount, out) {
      onPanel(control, calls++);
      kernel.multiply(rowPanels, start, depthCount, out);
    },
  };
  const panels = sharedPanels(memory, watched, control);
  for (let i = 0; i < rows * depths; i++) panels.a[i] = Math.sin(i);
  const packB = (first: number, end: number) => {
    for (let i = first * depths; i < end * depths; i++) panels.b[i] = Math.cos(i);
  };
  if (!late) packB(0, columns);
  const added = new Float64Array(rows * columns);
  const add = (column: number, from: number) => {
    for (let i = 0; i < 4 * rows; i++) added[column * rows + i] += panels.sums[from + i];
  };
  expect(panels.multiplyBlock!(rows, columns, depths, BLOCK_ROWS, add, late ? packB : undefined)).toBe(true);
  expect(calls).toBe(columns / 4);
  return added;
}

it("a mark that comes late stays out of a later job", () => {
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_LENGTH));
  const nothing = () => undefined;
  publish(control, 0, 2, 0, 0, 0, 0);
  const putAside = () => {
    // Meanwhile another does the first piece, and both of the next job.
    takePieces(control, [nothing], 0);
    publish(control, 0, 2, 0, 0, 0, 0);
    takePieces(control, [nothing], 2);
  };
  takePiece(control, [putAside], 1);
  expect([0, 1].map((piece) => ownerOf(control, piece, 1))).toEqual([2, 2]);
  expect([0, 1].map((piece) => awaitPiece(control, piece))).toEqual([true, true]);
});

it("a mark that comes late is none of a later job's", () => {
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_LENGTH));
  publish(control, 0, 1, 0, 0, 0, 0);
  takePiece(control, [() => publish(control, 0, 1, 0, 0, 0, 0)], 1);
  expect(ownerOf(control, 0, 1)).toBe(-1);
  takePieces(control, [() => undefined], 2);
  expect(ownerOf(control, 0, 1)).toBe(2);
});

it("a piece that fails is told of", () => {
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_LENGTH));
  publish(control, 0, 1, 0, 0, 0, 0);
  const failing = () => {
    throw new Error("no memory");
  };
  expect(() => takePiece(control, [failing], 1)).toThrow("no memory");
  expect(ownerOf(control, 0, 1)).toBe(-1);
  expect(awaitPiece(control, 0)).toBe(false);
});

describe.each([
  ["all is packed", false],
  ["B is packed meanwhile", true],
])("a thread that took a panel and was put aside, where %s", (_, meanwhile) => {
  const alone = sumsOf(() => undefined, false);

  it("is not waited for", () => {
    expect(alone.every((sum) => sum !== 0)).toBe(true);
    const stolen = sumsOf((control, calls) => {
      if (calls === 0) Atomics.sub(control, ticket, 3);
    }, meanwhile);
    expect(stolen).toEqual(alone);
  });

  it("is not believed when it comes back to a later job", () => {
    const late = sumsOf((control, calls) => {
      if (calls > 0) return;
      const job = Atomics.load(control, ticket) & ~0xff;
      const panel = (Atomics.load(control, ticket) & 0xff) - 1;
      Atomics.sub(control, ticket, 1);
      Atomics.store(control, owners + panel, (job - 256) | 1);
    }, meanwhile);
    expect(late).toEqual(alone);
  });
});
