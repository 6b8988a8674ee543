import { describe, expect, it } from "vitest";
import { powerOfTwoNear } from "../../src/tensor/power-of-two.js";

describe("powerOfTwoNear", () => {
  it("is the largest power of two up to a number", () => {
    for (let exponent = -1074; exponent <= 1023; exponent++) {
      const power = 2 ** exponent;
      // Subnormal products may be rounded up to the next power.
      for (const x of [power, 1.5 * power, (2 - 2 ** -52) * power])
        expect(powerOfTwoNear(x)).toBe(x < 2 * power ? power : 2 * power);
    }
  });

  it("is 1 where there is none", () => {
    expect([0, -3, Number.POSITIVE_INFINITY, Number.NaN].map(powerOfTwoNear)).toEqual([1, 1, 1, 1]);
  });
});
