import { expect, it } from "vitest";
import { sharedArena, sharedKernel, sharedMemory, sharedWorkspace } from "../../src/threads/shared-memory.js";

// Where a platform refuses a kernel, one thread does all, to the same bits: nothing but time would tell.
it("kernels run over memory that threads share", () => {
  expect(sharedKernel(sharedMemory(2)!)?.multiply).toBeTypeOf("function");
  const arena = sharedArena(sharedWorkspace());
  expect(arena?.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(arena?.kernels.addTileProduct).toBeTypeOf("function");
});
