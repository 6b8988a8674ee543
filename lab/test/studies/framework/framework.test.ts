import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomStream } from "flatward";
import { beforeAll, describe, expect, it } from "vitest";
import { variantFindings } from "../../../src/studies/framework/findings.js";
import {
  configurationOf,
  configurations,
  frameworkMeasures,
  gapCorrelations,
} from "../../../src/studies/framework/framework.js";
import { frameworkTables } from "../../../src/studies/framework/tables.js";
import { variantsOf } from "../../../src/studies/framework/variants.js";
import { parseDescription, readPlan } from "../../../src/sweep/description.js";
import { type Problem, problemsOf } from "../../../src/sweep/groups.js";
import { manifestOf } from "../../../src/sweep/manifest.js";
import type { GroupResult, ProblemResult, SweepResults } from "../../../src/sweep/results.js";
import { idxBytes } from "../../support/idx-files.js";
import { surviveKills } from "../../support/kills.js";
import { flatward, flatwardHere, type Outcome, scratch } from "../../support/run.js";
import { finish, resultsIn, writePlan } from "../../support/sweeps.js";

const LONG = 240_000;

const dense = (outputs: number) => ({ kind: "dense", outputs });
const plain = [dense(6), { kind: "relu" }, dense(6), { kind: "relu" }, { kind: "dense" }];

/** The study with networks as small as can be. */
const tiny = {
  data: "iris",
  network: [
    { kind: "sequential", name: "plain", layers: plain },
    {
      kind: "sequential",
      name: "normalized",
      layers: [
        dense(6),
        { kind: "batchNorm" },
        { kind: "relu" },
        { kind: "residual", layers: [dense(6), { kind: "relu" }] },
        { kind: "dense" },
      ],
    },
  ],
  methods: configurations.map(({ method }) => method),
  training: { steps: 60, batchSize: 16 },
  curvatureSamples: 50,
  seeds: { count: 2 },
  measures: [...frameworkMeasures, "trainLoss", "relativeFlatness", "theta"],
};

describe("flatward framework", () => {
  const folder = scratch();
  const out = join(folder, "out");
  let outcome: Outcome;
  let results: SweepResults;
  beforeAll(() => {
    outcome = flatward("framework", "--plan", writePlan(folder, tiny), "--output", out);
    results = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
  }, LONG);

  it("holds configurations beside what is reported of them, and says what is none of it", () => {
    expect(outcome.stderr).not.toContain("flatward:");
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toMatch(/A: SGD 0\.1, decay 1e−5 .* 98\.14 % .* 0\.0573 .* 9\.14/);
    expect(outcome.stdout).toMatch(/B: SGD 0\.001, decay 1e−3 .* 91\.72 % .* 0\.2753 .* 246\.19/);
    expect(outcome.stdout).toMatch(/C: Adam 0\.001, decay 1e−5 .* 98\.90 % .* 0\.0357 .* 6\.26/);
    expect(outcome.stdout).toMatch(/MNIST, 60,000 training images.*Here: iris, 111 training/);
  });

  it("says of Adam that it has no edge, and of SGD that it is 2/α less the decay", () => {
    const edges = results.problems[0].groups.map(({ summary }) => summary.filterEdge.mean);
    expect(edges[0]).toBeCloseTo(20 - 1e-5, 9);
    expect(edges[1]).toBeCloseTo(2000 - 1e-3, 9);
    expect(edges[2]).toBeNull();
    expect(outcome.stdout).toMatch(/plain +C: Adam .* none +–/);
  });

  it("compares the normalized network with the same one without, seed by seed", () => {
    const variants = variantsOf(results);
    expect(variants.map(({ problem, plain: of }) => [problem.label, of.label])).toEqual(
      configurations.map(() => ["normalized", "plain"]),
    );
    const [first, second] = results.problems.map(({ groups }) => groups[0].cells);
    const ratios = first.map((cell, i) => second[i].measures.lambdaMax / cell.measures.lambdaMax);
    expect(variants[0].ratios.lambdaMax.mean).toBeCloseTo((ratios[0] + ratios[1]) / 2, 12);
    expect(outcome.stdout).toMatch(
      /Normalized made minima \w+ in .* by λ_max \(A [\d.]+×, B [\d.]+×, C [\d.]+× that of plain\)/,
    );
  });

  it("correlates every measure with the gap over all runs, and writes a page that needs nothing else", () => {
    expect(outcome.stdout).toMatch(/normalized +12 +−?\d\.\d\d \[−?\d\.\d\d, −?\d\.\d\d\]/);
    const page = readFileSync(join(out, "report.html"), "utf8");
    for (const text of ["Is it a minimum", "generalization gap", "“Within groups”", "normalized over plain"])
      expect(page).toContain(text);
    for (const name of ["variants", "generalization"]) expect(page).toContain(`<figure id="${name}">`);
    expect(page).not.toMatch(/<script|NaN|undefined|Infinity|null/);
    expect(outcome.stdout).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it("leaves runs that diverged out of correlations and ratios, and says that there are some", () => {
    const diverged = withGroup(results, 0, (group) => ({
      ...group,
      cells: group.cells.map((cell, i) => (i === 0 ? { ...cell, status: "non-finite" } : cell)),
    }));
    const [first] = gapCorrelations(diverged.problems);
    expect([first.pearson.n, first.spearman.n, first.within.n]).toEqual([11, 11, 11]);
    const { lambdaMax } = variantsOf(diverged)[0].ratios;
    const [, plainCell] = results.problems[0].groups[0].cells;
    const [, normalizedCell] = results.problems[1].groups[0].cells;
    expect(lambdaMax.n).toBe(1);
    expect(lambdaMax.mean).toBe(normalizedCell.measures.lambdaMax / plainCell.measures.lambdaMax);
    const texts = frameworkTables(diverged).flatMap(({ rows }) => rows.flat());
    expect(texts).toContain("A: SGD 0.1, decay 1e−5, 1 diverged");
  });

  it("says nothing of a network whose plain counterpart has no run", () => {
    const failed = withGroup(results, 0, (group) => ({ ...group, cells: [] }));
    const [variant] = variantsOf(failed);
    expect(variant.ratios).toEqual({});
    expect(variantFindings(failed)).toEqual([
      expect.stringMatching(/^Normalized made minima .* \(B [\d.]+×, C [\d.]+× that of plain\)/),
    ]);
    const row = frameworkTables(failed)
      .at(-1)
      ?.rows.find(
        ([network, configuration]) => network === "normalized over plain" && configuration.startsWith("A:"),
      );
    expect(row?.slice(2, -1)).toEqual(["–", "–", "–", "–"]);
  });

  it("takes another plan only with the measures that it tells of", async () => {
    const bare = writePlan(scratch(), { ...tiny, measures: ["testLoss"] });
    const { status, stderr } = await flatwardHere("framework", "--plan", bare);
    expect(status).toBe(2);
    expect(stderr).toContain("measures: flatward framework needs testAccuracy, generalizationGap");
  });

  it("takes MNIST's files from a folder, or says that there are none", async () => {
    const empty = scratch();
    const { status, stderr } = await flatwardHere(
      "framework",
      "--data",
      empty,
      "--output",
      join(empty, "out"),
    );
    expect(stderr).toContain(empty);
    expect(stderr).not.toMatch(/defect/);
    expect([3, 4]).toContain(status);
  });
});

describe("the plans of the study", () => {
  const shipped = (name: string) =>
    readPlan(new URL(`../../../plans/${name}.yaml`, import.meta.url).pathname);

  it("have the document's configurations, and every variant beside its plain network", () => {
    const manifest = manifestOf(shipped("framework"), "test-engine");
    const problems = problemsOf(manifest);
    expect(problems.map(({ label }) => label)).toEqual(["plain", "batch norm", "deeper", "residual"]);
    for (const { groups } of problems)
      expect(groups.map((group) => configurationOf(group)?.letter)).toEqual(["A", "B", "C", undefined]);
    const counterparts = variantsOf({ problems: problems.map(unmeasured) });
    expect([
      ...new Set(counterparts.map(({ problem, plain: of }) => `${problem.label}/${of.label}`)),
    ]).toEqual(["batch norm/plain", "residual/deeper"]);
  });

  it("compare a network with one of the same start and loss", () => {
    const started = tiny.network.map((network) => ({ ...network, initialization: ["pytorch", "he"] }));
    const description = parseDescription(JSON.stringify({ ...tiny, network: started }), "plan.json");
    const problems = problemsOf(
      manifestOf({ description, name: "test", folder: scratch() }, "test-engine"),
    ).map(unmeasured);
    const pairs = variantsOf({ problems }).map(({ problem, plain: of }) => `${problem.label}/${of.label}`);
    expect([...new Set(pairs)]).toEqual(["normalized, pytorch/plain, pytorch", "normalized, he/plain, he"]);
  });

  it("have the document's network on MNIST: 8,490 parameters, 4,690 steps of 64", () => {
    const images = scratch();
    writeImages(images, 40);
    const plan = shipped("framework-mnist");
    const { cells } = manifestOf(
      { ...plan, description: { ...plan.description, data: { name: "mnist", path: images } } },
      "test-engine",
    );
    expect(cells).toHaveLength(36);
    const [{ config }] = cells;
    expect(config.training).toMatchObject({
      steps: 4690,
      batchSize: 64,
      scaling: { mean: 0.1307, deviation: 0.3081 },
    });
    expect(config.curvatureSamples).toBe(1000);
    const { status, stdout } = flatward("framework", "--data", images, "--help");
    expect([status, stdout.includes("--data <source>")]).toEqual([0, true]);
    const layers = (config.network as { layers: { kind: string }[] }).layers;
    // Conv(1→10, 5): 260; Conv(10→20, 5): 5,020; FC(320→10): 3,210.
    expect(layers.map(({ kind }) => kind).join()).toBe(
      "conv2d,relu,maxPool2d,conv2d,relu,maxPool2d,flatten,dense",
    );
  });
});

describe("the study killed ten times at random moments", () => {
  it(
    "computes nothing finished again, and ends with the same bits",
    async () => {
      const expected = scratch();
      const content = { ...tiny, seeds: [1], training: { steps: 200, batchSize: 16 } };
      const { status } = await finish([
        "framework",
        "--plan",
        writePlan(expected, content),
        "--output",
        expected,
      ]);
      expect(status).toBe(0);
      const random = randomStream(10, "kills");
      let kills = 0;
      let resumed = 0;
      while (kills < 10) {
        const folder = scratch();
        const out = join(folder, "out");
        const command = ["framework", "--plan", writePlan(folder, content), "--output", out];
        const survival = await surviveKills(
          [...command, "--checkpoint-seconds", "0.02"],
          out,
          6,
          10 - kills,
          random,
        );
        expect(resultsIn(out)).toEqual(resultsIn(expected));
        kills += survival.kills;
        resumed += survival.resumed;
      }
      expect(resumed).toBeGreaterThan(0);
    },
    LONG,
  );
});

/** A problem of which no cell is done. */
function unmeasured(problem: Problem): ProblemResult {
  const groups = problem.groups.map((group) => ({ ...group, planned: 3, cells: [], summary: {} }));
  return { ...problem, parameters: null, trainingSamples: null, groups };
}

/** The same results but for the first group of a problem. */
function withGroup(
  results: SweepResults,
  index: number,
  change: (group: GroupResult) => GroupResult,
): SweepResults {
  const problems = results.problems.map((problem, i) =>
    i === index ? { ...problem, groups: problem.groups.map((g, j) => (j === 0 ? change(g) : g)) } : problem,
  );
  return { ...results, problems };
}

/** MNIST's test files with a few images that are noise. */
function writeImages(folder: string, count: number): void {
  const stream = randomStream(1, "pixels");
  const pixels = Array.from({ length: count * 784 }, () => stream.integer(256));
  const labels = Array.from({ length: count }, (_, i) => i % 10);
  writeFileSync(join(folder, "t10k-images-idx3-ubyte"), idxBytes([count, 28, 28], pixels));
  writeFileSync(join(folder, "t10k-labels-idx1-ubyte"), idxBytes([count], labels));
}
