import { checkGrads, operations } from "flatward/autodiff";
import { describe, expect, it } from "vitest";
import { compositeExamples, operationExamples } from "./examples.js";

describe("derivatives to order 3, in every nesting of forward and reverse, agree with each other and with finite differences", () => {
  it("for a table that leaves no operation out", () => {
    expect(Object.keys(operationExamples).sort()).toEqual(Object.keys(operations).sort());
  });

  it.each(Object.entries({ ...operationExamples, ...compositeExamples }))("%s", (_, { f, at }) => {
    const report = checkGrads(f, at, { order: 3 });
    // Orders 1, 2, 3 have 1, 2, 4 functions, each with three comparisons.
    expect(report.rows).toHaveLength(21);
    expect(report.passed, report.text).toBe(true);
  });
});
