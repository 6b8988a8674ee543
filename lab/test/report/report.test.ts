import { describe, expect, it } from "vitest";
import { summarize } from "../../src/experiment/measures/statistics.js";
import { methodNames } from "../../src/experiment/methods.js";
import { methodColors } from "../../src/report/colors.js";
import { formatDifference, formatNumber, formatSummary } from "../../src/report/format.js";
import { problemFigures } from "../../src/report/problem-figures.js";

describe("numbers in tables", () => {
  it("show three significant digits, and the spread to the same place", () => {
    expect(formatSummary({ mean: 0.04251, deviation: 0.01473, n: 5, interval: null }, "number")).toBe(
      "0.0425 ± 0.0147",
    );
    expect(formatSummary({ mean: 0.9595, deviation: 0.0291, n: 5, interval: null }, "percent")).toBe(
      "96.0 ± 2.9 %",
    );
    expect(formatSummary({ mean: 16.8, deviation: 1.78, n: 5, interval: null }, "count")).toBe("16.8 ± 1.8");
    expect(formatSummary({ mean: 3e-7, deviation: 1e-7, n: 3, interval: null }, "number")).toBe(
      "3.0e-7 ± 1.0e-7",
    );
    expect(formatSummary({ mean: 1.234, deviation: 0, n: 1, interval: null }, "number")).toBe("1.23");
    expect(formatSummary({ mean: Number.NaN, deviation: Number.NaN, n: 3, interval: null }, "number")).toBe(
      "n/a",
    );
    expect(formatDifference({ mean: -0.85, deviation: 1, n: 5, interval: [-1.104, 0.2] }, "number")).toBe(
      "−0.85 [−1.10, 0.20]",
    );
    expect(formatDifference({ mean: -3e-16, deviation: 1, n: 5, interval: [-4e-15, 3e-15] }, "number")).toBe(
      "−3.0e−16 [−4.0e−15, 3.0e−15]",
    );
    expect(formatDifference({ mean: 0.011, deviation: 1, n: 5, interval: [0, 0.0224] }, "percent")).toBe(
      "1.1 [0.0, 2.2] pp",
    );
    expect(formatNumber(0)).toBe("0");
    expect(formatNumber(123456)).toBe("1.23e+5");
  });
});

describe("summaries", () => {
  it("use the sample standard deviation, and Student's interval", () => {
    // t(0.975) at 3 degrees of freedom: 3.182446 (any table of the t distribution).
    const { mean, deviation, n, interval } = summarize([1, 2, 3, 4]);
    expect([mean, n]).toEqual([2.5, 4]);
    expect(deviation).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(summarize([1e200, 3e200]).deviation / 1e200).toBeCloseTo(Math.SQRT2, 12);
    const reach = (3.182446 * Math.sqrt(5 / 3)) / 2;
    expect(interval?.[0]).toBeCloseTo(2.5 - reach, 5);
    expect(interval?.[1]).toBeCloseTo(2.5 + reach, 5);
    expect(summarize([7])).toEqual({ mean: 7, deviation: 0, n: 1, interval: null });
    expect(summarize([])).toEqual({ mean: Number.NaN, deviation: Number.NaN, n: 0, interval: null });
  });
});

describe("colours", () => {
  it("differ between all methods, and between the members of a family", () => {
    const groups = [...methodNames, "hsr" as const, "sam" as const, "sam" as const].map((family, i) => ({
      id: `${family}-${i}`,
      family,
    }));
    expect(new Set(methodColors(groups).values()).size).toBe(groups.length);
  });
});

describe("the spectrum", () => {
  it("is drawn from any number of eigenvalues, in a file of bounded size", async () => {
    const eigenvalues = Array.from({ length: 200_000 }, (_, i) => Math.exp(-20 * Math.sin(i) ** 2) - 1e-3);
    const result = {
      status: "max-iterations",
      measures: { wsBound: 2, lambdaMax: 1, trainLoss: 0.1 },
      eigenvalues,
      curve: [{ step: 0, trainLoss: 1, wsBound: 3 }],
    };
    const group = { id: "sam", label: "SAM", family: "sam", cells: [{ id: "0" }] };
    const [spectrum] = await problemFigures(
      { groups: [group], measures: ["eigenvalues", "wsBound"] } as never,
      { record: () => ({ result }) as never },
      "",
    );
    expect(spectrum.svg.length).toBeGreaterThan(50_000);
    expect(spectrum.svg.length).toBeLessThan(1_000_000);
  });
});
