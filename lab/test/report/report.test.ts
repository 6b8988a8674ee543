import { describe, expect, it } from "vitest";
import { summarize } from "../../src/experiment/measures/statistics.js";
import { methodNames } from "../../src/experiment/methods.js";
import { methodColors } from "../../src/report/colors.js";
import {
  excludesZero,
  fixed,
  formatDifference,
  formatNumber,
  formatShortDifference,
  formatSummary,
} from "../../src/report/format.js";
import { mathText, spokenText, withSubscripts } from "../../src/report/math-text.js";
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
      "3.0e−7 ± 1.0e−7",
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
    expect(formatNumber(-3e-7)).toBe("−3.00e−7");
    expect(formatNumber(-1.5)).toBe("−1.50");
    expect(formatNumber(123456)).toBe("1.23e+5");
  });
});

describe("a quantity that does not vary", () => {
  const constant = { mean: 1500, deviation: 0, n: 5, interval: [1500, 1500] as const };

  it("has no spread, no interval and no star", () => {
    expect(formatSummary(constant, "number")).toBe("1500");
    expect(formatSummary({ ...constant, deviation: 1e-13 }, "number")).toBe("1500");
    expect(formatDifference(constant, "count")).toBe("1500");
    expect(formatShortDifference(constant, "count").trim()).toBe("1500");
    expect(excludesZero(constant)).toBe(false);
    expect(excludesZero({ ...constant, deviation: 1, interval: [1499, 1501] })).toBe(true);
  });

  it("is not the same as one that hardly does, whose spread is not 0", () => {
    expect(formatSummary({ mean: 12.34, deviation: 0.0004, n: 5, interval: null }, "number")).toBe(
      "12.3 ± 0.0004",
    );
  });

  it("has no minus before 0", () => {
    expect(formatDifference({ mean: -1e-5, deviation: 1, n: 5, interval: [-0.0004, 0.02] }, "percent")).toBe(
      "0.0 [0.0, 2.0] pp",
    );
    expect(fixed(-0.04, 1)).toBe("0.0");
  });
});

describe("subscripts", () => {
  it("are set as such in pages and pictures, and spoken", () => {
    expect(String(mathText("λ_max − λ_min < ‖H‖²_F, gen_x"))).toBe(
      "λ<sub>max</sub> − λ<sub>min</sub> &lt; ‖H‖²<sub>F</sub>, gen_x",
    );
    expect(spokenText("λ_max")).toBe("λ max");
    expect(withSubscripts("<text x='1'>WS/λ_max of it</text><text>a_b</text>")).toBe(
      '<text x=\'1\'>WS/λ<tspan dy="3" font-size="75%">max</tspan><tspan dy="-3"> of it</tspan></text><text>a_b</text>',
    );
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
      method: { name: family },
    }));
    expect(new Set(methodColors(groups).values()).size).toBe(groups.length);
  });

  it("are the same for a method and its strength, whatever stands beside it", () => {
    const hsr = (strength: number) => ({ id: `${strength}`, method: { name: "hsr" as const, strength } });
    const other = { id: "sam", method: { name: "sam" as const } };
    const [few, many] = [
      methodColors([other, hsr(0.1)]),
      methodColors([hsr(0.01), hsr(0.1), other, hsr(0.3)]),
    ];
    for (const id of ["0.1", "sam"]) expect(few.get(id)).toBe(many.get(id));
    expect(new Set(many.values()).size).toBe(4);
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
    const group = {
      id: "sam",
      label: "SAM",
      family: "sam",
      method: { name: "sam", radius: 0.05 },
      cells: [{ id: "0" }],
    };
    const [spectrum] = await problemFigures(
      { groups: [group], measures: ["eigenvalues", "wsBound"] } as never,
      { record: () => ({ result }) as never },
      "",
    );
    expect(spectrum.svg.length).toBeGreaterThan(3_000);
    expect(spectrum.svg.length).toBeLessThan(100_000);
  });
});
