import { describe, expect, it } from "vitest";
import { ArgumentError, minimize, objectiveOf, rmsprop } from "../../src/index.js";
import { refusals } from "../refusals.js";

describe("rmsprop", () => {
  it("takes a variance that rounding made negative as 0", () => {
    // A constant gradient: mean square and squared mean agree but for rounding.
    const slope = objectiveOf(1, (x) => ({ value: 0.1 * x[0], gradient: Float64Array.of(0.1) }));
    const optimizer = rmsprop({ learningRate: 1e-12, smoothing: 0.9, centered: true });
    const run = minimize(slope, Float64Array.of(0), optimizer, { steps: 2000 });
    expect(run.status).toBe("max-iterations");
    expect(run.steps).toBe(2000);
  });
});

describe("rmsprop refuses", () => {
  refusals(ArgumentError, "invalid-argument", [
    ["a smoothing of 1", () => rmsprop({ learningRate: 1, smoothing: 1 }), /rmsprop: .*smoothing.*< 1/],
    ["centered that is a word", () => rmsprop({ learningRate: 1, centered: "no" as never }), /true or false/],
  ]);
});
