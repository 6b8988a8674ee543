import { describe, expect, it } from "vitest";
import { heldScratch, reusing, scratch } from "../../src/tensor/scratch.js";

describe("memory kept from call to call", () => {
  it("is new outside of one", () => {
    expect(scratch(5)).not.toBe(scratch(5));
    expect(scratch(5)).toEqual(new Float64Array(5));
  });

  it("is given again, as zeros, but not twice within one call", () => {
    const once = () => reusing(() => [scratch(7), scratch(7), scratch(3)]);
    const first = once();
    expect(new Set(first).size).toBe(3);
    for (const memory of first) memory.fill(1);
    const second = once();
    expect(new Set([...first, ...second]).size).toBe(3);
    for (const memory of second) expect(memory).toEqual(new Float64Array(memory.length));
  });

  it("is another's in a call within", () => {
    reusing(() => {
      const outer = scratch(11);
      const inner = reusing(() => scratch(11));
      expect(inner).not.toBe(outer);
      expect(scratch(11)).not.toBe(inner);
    });
  });

  it("is kept where a call throws", () => {
    let lost: Float64Array = new Float64Array(0);
    const failing = () =>
      reusing(() => {
        lost = scratch(13);
        throw new Error("no");
      });
    expect(failing).toThrow("no");
    expect(reusing(() => scratch(13))).toBe(lost);
    expect(scratch(13)).not.toBe(lost);
  });

  it("is kept beside memory that is too large to be", () => {
    const [first] = reusing(() => [scratch(19), scratch(1 << 25)]);
    expect(reusing(() => scratch(19))).toBe(first);
  });

  it("is held until it is given back", () => {
    const held = heldScratch();
    const first = held.use(() => scratch(17));
    expect(held.use(() => scratch(17))).not.toBe(first);
    expect(reusing(() => scratch(17))).not.toBe(first);
    first.fill(1);
    held.giveBack();
    const second = held.use(() => [scratch(17), scratch(17)]);
    expect(second).toContain(first);
    expect(first).toEqual(new Float64Array(17));
    expect(reusing(() => scratch(17))).not.toBe(first);
  });

  it("is at most 128 MB", () => {
    const length = 1 << 22;
    const memory = new Set(reusing(() => [0, 1, 2, 3, 4].map(() => scratch(length))));
    const again = reusing(() => [0, 1, 2, 3].map(() => scratch(length)));
    expect(again.filter((one) => memory.has(one)).length).toBeLessThanOrEqual(4);
  });
});
