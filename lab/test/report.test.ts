import { describe, expect, it } from "vitest";
import { nearest } from "../src/errors.js";
import { summarize } from "../src/experiment/statistics.js";
import { methodColors } from "../src/report/colors.js";
import { comparisonFigures } from "../src/report/figures.js";
import { formatNumber, formatSummary } from "../src/report/format.js";

describe("numbers in tables", () => {
  it("show three significant digits, and the spread to the same place", () => {
    expect(formatSummary({ mean: 0.04251, deviation: 0.01473, n: 5 }, "number")).toBe("0.0425 ± 0.0147");
    expect(formatSummary({ mean: 0.9595, deviation: 0.0291, n: 5 }, "percent")).toBe("96.0 ± 2.9 %");
    expect(formatSummary({ mean: 16.8, deviation: 1.78, n: 5 }, "count")).toBe("16.8 ± 1.8");
    expect(formatSummary({ mean: 3e-7, deviation: 1e-7, n: 3 }, "number")).toBe("3.0e-7 ± 1.0e-7");
    expect(formatSummary({ mean: 1.234, deviation: 0, n: 1 }, "number")).toBe("1.23");
    expect(formatSummary({ mean: Number.NaN, deviation: Number.NaN, n: 3 }, "number")).toBe("n/a");
    expect(formatNumber(0)).toBe("0");
    expect(formatNumber(123456)).toBe("1.23e+5");
  });
});

describe("summaries", () => {
  it("use the sample standard deviation", () => {
    expect(summarize([1, 2, 3, 4])).toEqual({ mean: 2.5, deviation: Math.sqrt(5 / 3), n: 4 });
    expect(summarize([7])).toEqual({ mean: 7, deviation: 0, n: 1 });
  });
});

describe("colours", () => {
  it("differ between all methods", () => {
    const methods = ["gradient-descent", "weight-decay", "sam", "hsr-1", "hsr-2", "hsr-3"].map((id) => ({
      id,
      family: id.split("-")[0],
    }));
    expect(new Set(methodColors(methods).values()).size).toBe(6);
  });
});

describe("suggestions", () => {
  it("name the nearest word, or none when none is near", () => {
    expect(nearest("specis", ["sepal", "species"])).toBe("species");
    expect(nearest("weight", ["sepal", "species"])).toBeUndefined();
  });
});

describe("the spectrum", () => {
  it("is drawn from any number of eigenvalues, in a file of bounded size", async () => {
    const eigenvalues = Array.from({ length: 200_000 }, (_, i) => Math.exp(-20 * Math.sin(i) ** 2) - 1e-3);
    const run = {
      seed: 1,
      status: "max-iterations",
      measures: { wsBound: 2, lambdaMax: 1, trainLoss: 0.1 },
      eigenvalues,
      curve: [{ step: 0, trainLoss: 1, wsBound: 3 }],
    };
    const comparison = {
      plan: { seeds: [1] },
      methods: [{ id: "sam", label: "SAM", family: "sam", runs: [run] }],
    };
    const [spectrum] = await comparisonFigures(comparison as never);
    expect(spectrum.svg.length).toBeGreaterThan(50_000);
    expect(spectrum.svg.length).toBeLessThan(1_000_000);
  });
});
