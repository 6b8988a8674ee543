import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linear, logarithmic, signedLogarithmic } from "../src/panels/scales.js";

describe("scales", () => {
  it("go from 0 to 1 and back", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, (place) => {
        for (const scale of [linear(3000), logarithmic(0.02, 3), signedLogarithmic(-0.2, 4)])
          expect(scale.place(scale.invert(place))).toBeCloseTo(place, 9);
      }),
    );
  });

  it("mark round numbers", () => {
    expect(linear(3000).ticks).toEqual([0, 1000, 2000, 3000]);
    expect(linear(450).ticks).toEqual([0, 200, 400]);
    expect(logarithmic(0.02, 3).ticks).toEqual([0.01, 0.1, 1, 10]);
    expect(logarithmic(1, 1).ticks).toEqual([1, 10]);
    expect(signedLogarithmic(-0.2, 4).ticks).toEqual([-0.1, -0.01, 0, 0.01, 0.1, 1]);
  });

  it("keep the order of both signs", () => {
    const { place } = signedLogarithmic(-1, 1);
    const places = [-1, -0.1, -1e-4, 0, 1e-4, 0.1, 1].map(place);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(place(0)).toBeCloseTo(0.5, 12);
  });
});
