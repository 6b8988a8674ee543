import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toPlusUnit, unitVector } from "../../src/tensor/unit.js";

/** Denormal numbers and zeros among the others. */
const vectors = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 5e-324, -5e-324)), {
  minLength: 1,
  maxLength: 20,
});

describe("toPlusUnit", () => {
  it("is a + scale·x/‖x‖, to the bit, in the memory of x", () => {
    fc.assert(
      fc.property(vectors, fc.double({ noNaN: true }), (entries, scale) => {
        const x = Float64Array.from(entries);
        const a = x.map((_, i) => Math.cos(i));
        const unit = unitVector(x);
        expect(toPlusUnit(x, a, scale)).toBe(unit !== null);
        expect(x).toEqual(unit ? a.map((entry, i) => entry + scale * unit[i]) : Float64Array.from(entries));
      }),
    );
  });
});
