import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { lossObjective } from "flatward";
import { describe, expect, it } from "vitest";
import { loadSource } from "../src/data/sources.js";
import { evenly } from "../src/data/split.js";
import { type RunConfig, runConfigSchema } from "../src/experiment/config.js";
import { edgeOf } from "../src/experiment/filter-edge.js";
import { filterGrid } from "../src/experiment/filter-grid.js";
import { type MethodName, methods } from "../src/experiment/methods.js";
import { networkFor } from "../src/experiment/network/make.js";
import { prepare, type RunResult, runTraining } from "../src/experiment/run.js";
import type { Checkpoint } from "../src/experiment/train.js";
import { filterRows } from "../src/report/filters.js";
import type { SweepResults } from "../src/sweep/results.js";
import { manifest } from "./manifests.js";
import { flatward, scratch } from "./run.js";
import { tiny } from "./sweeps.js";

const iris = loadSource({ name: "iris" });
const onward = { afterStep: () => "go on" as const, onCheckpoint: () => {} };
const measures = ["trainLoss", "lambdaMax", "filterEdge", "edgeShare", "outsideFilter", "theta"];

function config(method: object, training: object, seed = 3): RunConfig {
  return runConfigSchema.parse({ network: { hidden: 8 }, method, training, seed, measures });
}

const run = (of: RunConfig): RunResult => runTraining(iris, of, onward)?.result as RunResult;

describe("the grid of a filter study", () => {
  it("puts edges where shares of the curvature say, at every radius", () => {
    for (const curvature of [0.01, 1.7, 400]) {
      const grid = filterGrid(curvature);
      expect(new Set(grid.map(({ name }) => name)).size).toBe(7);
      for (const { name, learningRate, ...settings } of grid) {
        const shares = (learningRate as number[]).map(
          (rate) =>
            curvature /
            edgeOf(
              methods[name as MethodName].optimizer({
                momentum: 0,
                ...settings,
                learningRate: rate,
              } as never),
            ),
        );
        // Rates have three digits.
        expect(shares.map((share) => Math.round(50 * share) / 50)).toEqual([0.7, 0.9, 0.98, 1.02, 1.2]);
      }
    }
  });
});

describe("½·l2·‖θ‖² beside the loss", () => {
  const result = run(
    config(
      { name: "usam", learningRate: 0.6, radius: 0.1 },
      { steps: 20_000, l2: 0.05, gradientTolerance: 1e-7 },
    ),
  );

  it("is part of what comes to rest, and of no measure", () => {
    expect(result.status).toBe("converged");
    const of = config({ name: "usam", learningRate: 0.6, radius: 0.1 }, { steps: 1 });
    const theta = Float64Array.from(result.theta as number[]);
    const objective = lossObjective(networkFor(iris, of.network), prepare(iris, of.training, 3).train);
    expect(result.measures.trainLoss).toBe(objective.value(theta));
    const whole = objective.gradient(theta).map((g, i) => g + 0.05 * theta[i]);
    expect(Math.hypot(...whole)).toBeLessThan(1e-7);
  });

  it("shifts the edge that the loss's own curvature is held against", () => {
    const edge = edgeOf(methods.usam.optimizer({ learningRate: 0.6, radius: 0.1, momentum: 0 }));
    expect(result.measures.filterEdge).toBe(edge - 0.05);
    expect(result.measures.edgeShare).toBe(result.measures.lambdaMax / (edge - 0.05));
  });
});

describe("a push", () => {
  // Gradient descent comes near a minimum that its filter does not let pass, before the instability can be seen.
  const sharp = { steps: 10_000, l2: 0.03, gradientTolerance: 1e-6 };
  const method = { name: "gradient-descent", learningRate: 1.32 };

  it("makes a run leave what only the tolerance took for a place of rest", () => {
    const resting = run(config(method, sharp));
    expect(resting.status).toBe("converged");
    expect(resting.measures.outsideFilter).toBe(1);
    expect(resting.measures.edgeShare).toBeGreaterThan(1.001);

    const pushed = run(config(method, { ...sharp, pushes: 1 }));
    expect(pushed.status).toBe("max-iterations");
    expect(pushed.steps).toBe(10_000);
  });

  it("leaves a run that stands stably where it was", () => {
    const stable = { ...method, learningRate: 1 };
    const [resting, pushed] = [0, 1].map((pushes) => run(config(stable, { ...sharp, pushes })));
    expect([resting.status, pushed.status]).toEqual(["converged", "converged"]);
    expect(pushed.steps).toBeGreaterThan(resting.steps + 100);
    expect(pushed.measures.lambdaMax).toBeCloseTo(resting.measures.lambdaMax, 4);
    expect(pushed.thetaSha256).not.toBe(resting.thetaSha256);
  });

  it("is taken up by a resumption, before it and after, to the same bits", () => {
    const of = config(
      { ...method, learningRate: 1, momentum: 0.5 },
      { steps: 400, gradientTolerance: 0.01, pushes: 3 },
    );
    const whole = run(of);
    expect(whole.steps).toBeGreaterThan(60);
    const reached: number[] = [];
    for (const stop of [1, 20, 60, 61, whole.steps - 1]) {
      let checkpoint: Checkpoint | undefined;
      runTraining(iris, of, {
        afterStep: () => "checkpoint",
        onCheckpoint: (at) => {
          if (at.steps === stop) checkpoint = deserialize(serialize(at));
        },
      });
      reached.push(checkpoint?.pushes as number);
      const rest = runTraining(iris, of, { ...onward, from: checkpoint as Checkpoint });
      expect(rest?.result).toEqual(whole);
    }
    expect(new Set(reached).size).toBeGreaterThan(2);
  });
});

describe("samples of the training part", () => {
  it("are as many of each class as can be, drawn by the seed, and the test part stays", () => {
    const settings = { testFraction: 0.25, labelNoise: 0, scaling: "none" as const };
    const whole = prepare(iris, settings, 4);
    const some = prepare(iris, { ...settings, samples: 20 }, 4);
    const counts = (y: unknown) =>
      [0, 1, 2].map((label) => (y as Int32Array).filter((one) => one === label).length);
    expect(counts(some.train.y).sort()).toEqual([6, 7, 7]);
    expect(some.test).toEqual(whole.test);
    expect(prepare(iris, { ...settings, samples: 20 }, 4)).toEqual(some);
    expect(prepare(iris, { ...settings, samples: 20 }, 5).train).not.toEqual(some.train);
    expect(prepare(iris, { ...settings, samples: 1000 }, 4)).toEqual(whole);
  });

  it("are all that rare classes have", () => {
    const y = Int32Array.of(0, 0, 0, 0, 0, 1, 0, 0);
    const chosen = evenly({ y, classes: ["a", "b"] }, [0, 1, 2, 3, 4, 5, 6, 7], 5, 1);
    expect(chosen).toHaveLength(5);
    expect(chosen).toContain(5);
    expect([...chosen]).toEqual([...new Set(chosen)].sort((a, b) => a - b));
  });

  it("are what an epoch is counted in", () => {
    const training = { epochs: 3, batchSize: 8, samples: 20 };
    expect(manifest({ ...tiny, training }).cells[0].config.training.steps).toBe(9);
  });
});

describe("flatward filters on data that are named", () => {
  it("trains every optimizer around the curvature of a minimum, and finds no converged run outside its filter", () => {
    const folder = scratch();
    const lines = Array.from(
      { length: 60 },
      (_, i) => `${Math.sin(i) + (i % 2)},${Math.cos(3 * i)},${i % 2 ? "left" : "right"}`,
    );
    writeFileSync(join(folder, "own.csv"), `u,v,side\n${lines.join("\n")}\n`);
    const out = join(folder, "out");
    const { status, stdout, stderr } = flatward(
      ...["filters", "--data", join(folder, "own.csv"), "--hidden", "2", "--samples", "24"],
      ...["--steps", "900", "--seeds", "1", "--l2", "0.1", "--output", out],
    );
    expect(stderr).not.toContain("flatward:");
    expect(status).toBe(0);
    const results: SweepResults = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    const rows = filterRows(results);
    expect(rows).toHaveLength(7);
    expect(rows.reduce((sum, { runs }) => sum + runs, 0)).toBe(55);
    for (const { converged, outside, closest } of rows) {
      expect(converged).toBeGreaterThan(0);
      expect(outside).toBe(0);
      expect(closest).toBeGreaterThan(0.5);
      expect(closest).toBeLessThan(1 + 1e-4);
    }
    // Some edges lie below every minimum's curvature: there nothing comes to rest.
    expect(rows.some(({ runs, converged }) => converged < runs)).toBe(true);
    expect(stdout).toMatch(
      /Of 55 runs \d+ converged, and none of these lies outside its optimizer's filter; the closest comes to 0\.\d{4}/,
    );
    expect(results.description.training).toMatchObject({ samples: 24, l2: 0.1, pushes: 1 });
    const figures = readdirSync(out).filter((name) => name.endsWith(".svg"));
    expect(figures).toEqual(
      expect.arrayContaining(["edges.svg", "filtered-spectra.svg", "edge-of-stability.svg"]),
    );
  }, 180_000);

  it("refuses what it has no use for", () => {
    const { status, stderr } = flatward("filters", "--data", "irs");
    expect(status).toBe(2);
    expect(stderr).toContain("did you mean iris?");
  });
});
