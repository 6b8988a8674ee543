import { expect, it } from "vitest";
import type { FactorSet, FactorSource } from "../../../src/hessian/factors.js";
import { createChunks } from "../../../src/hsr/contraction/chunks.js";

it("a chunk is filled anew where another failed in its memory", () => {
  const filled: number[] = [];
  let fails = false;
  const set: Pick<FactorSet, "fill"> = {
    fill(from) {
      filled.push(from);
      if (fails) throw new Error("a loss of the caller's");
    },
  };
  const source: Partial<FactorSource> = { weights: new Float64Array(4), create: () => set as FactorSet };
  const chunks = createChunks(source as FactorSource, false, undefined, 2);
  chunks.load(0, 0, "hessian");
  chunks.load(0, 0, "hessian");
  expect(filled).toEqual([0]);
  fails = true;
  expect(() => chunks.load(1, 0, "hessian")).toThrow("a loss of the caller's");
  fails = false;
  chunks.load(0, 0, "hessian");
  expect(filled).toEqual([0, 2, 0]);
});
