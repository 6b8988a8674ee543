import { describe, expect, it } from "vitest";
import { summarize } from "../../src/experiment/measures/statistics.js";
import { mainFinding } from "../../src/report/findings.js";
import type { GroupResult } from "../../src/sweep/results.js";

interface Ends {
  readonly trainLoss: readonly number[];
  readonly lambdaMax: readonly number[];
  readonly status?: string;
}

/** Groups as a sweep has them, of what each method's runs ended with; the first is the baseline. */
function groupsOf(methods: Readonly<Record<string, Ends>>): readonly GroupResult[] {
  const [baseline] = Object.values(methods);
  return Object.entries(methods).map(([label, { trainLoss, lambdaMax, status = "max-iterations" }]) => ({
    label,
    planned: trainLoss.length,
    cells: trainLoss.map((loss, i) => ({ status, measures: { trainLoss: loss, lambdaMax: lambdaMax[i] } })),
    summary: { trainLoss: summarize(trainLoss), lambdaMax: summarize(lambdaMax) },
    difference: { lambdaMax: summarize(lambdaMax.map((value, i) => value - baseline.lambdaMax[i])) },
  })) as unknown as GroupResult[];
}

const finding = (methods: Readonly<Record<string, Ends>>, budget: "steps" | "gradients" | "time" = "steps") =>
  mainFinding({ groups: groupsOf(methods) }, budget);

const base = { trainLoss: [0.1, 0.1, 0.1], lambdaMax: [2, 2.2, 1.8] };
const flatter = [1, 1.1, 0.9];

describe("a finding", () => {
  it("is at a similar training loss within 10 %, both ways, and has its interval", () => {
    // 1 − 2 in the mean; differences −1, −1.1, −0.9: deviation 0.1, t(0.975, 2) = 4.302653, half 0.24841.
    for (const loss of [0.1, 0.109, 0.092])
      expect(finding({ A: base, B: { trainLoss: [loss, loss, loss], lambdaMax: flatter } })).toMatch(
        /^At a similar training loss \(.*\), B ends where λ_max is 2\.00 times smaller than for A: 1\.00 against 2\.00, the mean of 3 seeds; seed by seed the difference is −1\.00 \[−1\.25, −0\.75\] \(95 % interval\)\.$/,
      );
    for (const loss of [0.12, 0.089]) {
      const sentence = finding({ A: base, B: { trainLoss: [loss, loss, loss], lambdaMax: flatter } });
      expect(sentence).toMatch(
        /^No other method ends within 10 % of the training loss of A \(0\.100\)\. At another one \(.* against 0\.100\), B ends where/,
      );
      expect(sentence).not.toContain("similar");
    }
  });

  it("says where the interval does not exclude 0", () => {
    const unsure = { trainLoss: base.trainLoss, lambdaMax: [3, 0.1, 1] };
    expect(finding({ A: base, B: unsure })).toMatch(/which does not exclude 0\.$/);
    expect(finding({ A: base, B: { ...base, lambdaMax: flatter } })).not.toContain("exclude");
  });

  it("names what all methods had alike", () => {
    const methods = { A: base, B: { ...base, lambdaMax: flatter } };
    expect(finding(methods, "gradients")).toMatch(/^With as many gradients for each: At a similar/);
    expect(finding(methods, "time")).toMatch(/^With as much time for each: At a similar/);
  });

  it("is that nothing is flatter only where nothing is", () => {
    const sharper = { ...base, lambdaMax: [3, 3, 3] };
    expect(finding({ A: base, B: sharper })).toBe(
      "No method found a flatter minimum than A (λ_max 2.00) at a similar training loss.",
    );
    expect(finding({ A: base, B: { ...sharper, trainLoss: [1, 1, 1] } })).toMatch(
      /None ends where λ_max is smaller, either\.$/,
    );
    expect(finding({ A: base, B: sharper, C: { trainLoss: [0.5, 0.5, 0.5], lambdaMax: flatter } })).toMatch(
      /^No method found a flatter .*\. At another one \(0\.500 against 0\.100\), C ends where/,
    );
  });

  it("is true where λ_max is 0: the flattest is named, and the data are separated", () => {
    const sentence = finding({
      A: { trainLoss: [3e-17, 1e-95], lambdaMax: [5e-16, 7e-95] },
      B: { trainLoss: [0, 0], lambdaMax: [0, 0] },
      C: { trainLoss: [1e-10, 1e-17], lambdaMax: [1e-9, 1e-16] },
    });
    expect(sentence).not.toContain("No method found a flatter");
    expect(sentence).toMatch(/B ends where λ_max is 0, against 2\.50e−16 for A, the mean of 2 seeds/);
    expect(sentence).toMatch(/fitted with near certainty by A, B, C: loss and curvature vanish together/);
    // The baseline at 0: nothing is flatter, and no ratio to 0 is formed.
    const zero = finding({ A: { trainLoss: [0], lambdaMax: [0] }, B: { trainLoss: [0], lambdaMax: [0] } });
    expect(zero).toMatch(/^No method found a flatter minimum than A \(λ_max 0\).*certainty by A, B/);
    expect(finding({ A: base, B: { trainLoss: [0.1, 0.1, 0.1], lambdaMax: [0, 0, 0] } })).toMatch(
      /The Hessian of B is 0 to the last digit, though the loss is not/,
    );
  });

  it("leaves out methods with a run that diverged, and says so", () => {
    const diverged = { trainLoss: [1e8, 1e8, 1e8], lambdaMax: [0, 0, 0], status: "diverged" };
    expect(finding({ A: base, B: diverged, C: { ...base, lambdaMax: flatter } })).toMatch(
      /^Runs diverged, .*: B \(3 of 3\)\. At a similar training loss \(.*\), C ends/,
    );
    expect(finding({ A: diverged, B: base })).toBe(
      "Runs diverged, and their λ_max is that of no minimum: A (3 of 3). No comparison of flatness without its baseline.",
    );
    expect(finding({ A: base, B: { ...diverged, status: "non-finite" } })).toBe(
      "Runs diverged, and their λ_max is that of no minimum: B (3 of 3).",
    );
  });
});
