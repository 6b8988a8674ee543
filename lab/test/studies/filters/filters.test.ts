import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { lossObjective } from "flatward";
import { describe, expect, it } from "vitest";
import { loadSource } from "../../../src/data/sources.js";
import { evenly } from "../../../src/data/split.js";
import { type RunConfig, runConfigSchema } from "../../../src/experiment/config.js";
import { edgeOf } from "../../../src/experiment/measures/filter-edge.js";
import { type MethodName, methods } from "../../../src/experiment/methods.js";
import { networkFor } from "../../../src/experiment/network/make.js";
import { prepare } from "../../../src/experiment/prepare.js";
import { type RunResult, runTraining } from "../../../src/experiment/run.js";
import type { Checkpoint } from "../../../src/experiment/train.js";
import { filterGrid } from "../../../src/studies/filters/grid.js";
import { filterFinding, filterRows, filterTable } from "../../../src/studies/filters/tables.js";
import type { SweepResults } from "../../../src/sweep/results.js";
import { manifest } from "../../support/manifests.js";
import { onward } from "../../support/networks.js";
import { flatward, flatwardHere, scratch } from "../../support/run.js";
import { tiny } from "../../support/sweeps.js";

const iris = loadSource({ name: "iris" });
const measures = ["trainLoss", "lambdaMax", "filterEdge", "edgeShare", "outsideFilter", "theta"];

function config(method: object, training: object, seed = 3): RunConfig {
  return runConfigSchema.parse({ network: { hidden: 8 }, method, training, seed, measures });
}

const run = (of: RunConfig): RunResult => runTraining(iris, of, onward)?.result as RunResult;

describe("the grid of a filter study", () => {
  it("puts edges where shares of the curvature say, at every radius", () => {
    for (const curvature of [0.01, 1.7, 400]) {
      const grid = filterGrid(curvature);
      expect(new Set(grid.map(({ name }) => name)).size).toBe(8);
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

  it("shifts the edge with which the loss's own curvature is compared", () => {
    const edge = edgeOf(methods.usam.optimizer({ learningRate: 0.6, radius: 0.1, momentum: 0 }));
    expect(result.measures.filterEdge).toBe(edge - 0.05);
    expect(result.measures.edgeShare).toBe(result.measures.lambdaMax / (edge - 0.05));
  });
});

describe("a perturbation", () => {
  // Gradient descent comes near a minimum that its filter does not let pass, before the instability can be seen.
  const sharp = { steps: 10_000, l2: 0.03, gradientTolerance: 1e-6 };
  const method = { name: "gradient-descent", learningRate: 1.32 };

  it("makes a run leave what only the tolerance took for a place of rest", () => {
    const resting = run(config(method, sharp));
    expect(resting.status).toBe("converged");
    expect(resting.measures.outsideFilter).toBe(1);
    expect(resting.measures.edgeShare).toBeGreaterThan(1.001);

    const perturbed = run(config(method, { ...sharp, perturbations: 1 }));
    expect(perturbed.status).toBe("max-iterations");
    expect(perturbed.steps).toBe(10_000);
  });

  it("does not take for rest what an orbit beyond the edge comes by, again and again", () => {
    // λ_max is above the edge, so that an orbit leaves the fixed point again, however near it comes.
    const digits = loadSource({ name: "digits" });
    const orbit = (perturbations: number) =>
      runTraining(
        digits,
        config(
          { name: "usam", learningRate: 3.29, momentum: 0.7, radius: 0.567 },
          { steps: 7000, l2: 0.02, samples: 100, gradientTolerance: 1e-3, perturbations },
        ),
        onward,
      )?.result as RunResult;
    const passing = orbit(0);
    expect(passing.status).toBe("converged");
    expect(passing.measures.edgeShare).toBeGreaterThan(1.005);
    expect(orbit(1).status).toBe("max-iterations");
  });

  it("leaves a run that stands stably where it was", () => {
    const stable = { ...method, learningRate: 1 };
    const [resting, perturbed] = [0, 1].map((perturbations) =>
      run(config(stable, { ...sharp, perturbations })),
    );
    expect([resting.status, perturbed.status]).toEqual(["converged", "converged"]);
    expect(perturbed.steps).toBeGreaterThan(resting.steps + 100);
    expect(perturbed.measures.lambdaMax).toBeCloseTo(resting.measures.lambdaMax, 4);
    expect(perturbed.thetaSha256).not.toBe(resting.thetaSha256);
  });

  it("is taken up by a resumption, before it and after, to the same bits", () => {
    const of = config(
      { ...method, learningRate: 1, momentum: 0.5 },
      { steps: 2000, gradientTolerance: 0.02, perturbations: 2 },
    );
    const whole = run(of);
    expect(whole.status).toBe("converged");
    // The first and the last step with each count of perturbations.
    const stops = new Map<number, Checkpoint[]>();
    runTraining(iris, of, {
      ...onward,
      afterStep: () => "checkpoint",
      onCheckpoint: (at) => {
        const kept = deserialize(serialize(at)) as Checkpoint;
        const [first] = stops.get(kept.perturbations) ?? [kept];
        stops.set(kept.perturbations, [first, kept]);
      },
    });
    expect([...stops.keys()]).toEqual([0, 1, 2]);
    for (const checkpoint of [...stops.values()].flat())
      expect(runTraining(iris, of, { ...onward, from: checkpoint })?.result).toEqual(whole);
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

describe("an edge", () => {
  const training = { steps: 3 };

  it("is there where the loss is what is minimised, whatever the optimizer adds to it", () => {
    const decayed = run(config({ name: "weight-decay", learningRate: 0.5, weightDecay: 0.1 }, training));
    expect(decayed.measures.filterEdge).toBeCloseTo(2 / 0.5 - 0.1, 12);
    const nesterov = { name: "usam-nesterov", learningRate: 0.5, momentum: 0.5, radius: 0.1 };
    // λ(1 + 0.1 λ) ≤ 2·1.5/(0.5·2) = 3.
    expect(run(config(nesterov, training)).measures.filterEdge).toBeCloseTo(5 * (Math.sqrt(2.2) - 1), 12);
  });

  it("is not where something else is minimised, whose Hessian is not measured", () => {
    for (const method of [
      { name: "hsr", learningRate: 0.3, strength: 0.1 },
      { name: "label-smoothing", learningRate: 0.3, smoothing: 0.1 },
    ]) {
      const { measures } = run(config(method, training));
      expect(measures.lambdaMax).toBeGreaterThan(0);
      expect([measures.filterEdge, measures.edgeShare, measures.outsideFilter]).toEqual([
        Number.NaN,
        Number.NaN,
        Number.NaN,
      ]);
    }
  });
});

describe("what a filter study finds", () => {
  const group = (family: MethodName, settings: object, cells: object[]) => ({
    family,
    method: { name: family, learningRate: 1, ...settings },
    cells,
  });
  const cell = (status: string, edgeShare: number, outsideFilter: number) => ({
    status,
    measures: { edgeShare, outsideFilter },
  });
  const results = (groups: object[], failed = 0) =>
    ({ problems: [{ groups }], counts: { failed } }) as unknown as SweepResults;
  const adam = group("adam", {}, [cell("converged", Number.NaN, Number.NaN)]);

  it("claims nothing of runs whose filter is not known", () => {
    const mixed = results([group("usam", { momentum: 0 }, [cell("converged", 0.7, 0)]), adam]);
    expect(filterFinding(mixed)).toBe(
      "Of 2 runs 2 converged, and none of these lies outside its optimizer's filter; the closest comes to 0.7000 of its edge; no filter is known for 1 of those that converged; 0 diverged, and 0 had not converged when their steps ran out.",
    );
    expect(filterFinding(results([adam], 3))).toBe(
      "Of 1 run 1 converged; no filter is known for 1 of those that converged; 0 diverged, and 0 had not converged when their steps ran out; 3 more failed.",
    );
    expect(filterTable(mixed).rows[1]).toEqual(["Adam", "1", "1", "0", "0", "–", "–"]);
  });

  it("says how close to the edge in as many digits as that takes, and on which side", () => {
    const closest = (share: number) =>
      filterTable(results([group("usam", { momentum: 0 }, [cell("converged", share, 0)])])).rows[0].at(-1);
    expect(closest(0.9832)).toBe("0.9832");
    expect(closest(0.9999528)).toBe("0.99995");
    expect(closest(1.0000031)).toBe("1.000003");
    expect(closest(1)).toMatch(/^1\.0+$/);
  });

  it("counts runs outside, and those with momentum by themselves", () => {
    const both = results([
      group("usam", { momentum: 0 }, [cell("converged", 1.2, 1), cell("max-iterations", 1.5, 2)]),
      group("usam", { momentum: 0.7 }, [cell("converged", 1.1, 1), cell("non-finite", Number.NaN, 3)]),
      group("heavy-ball", { momentum: 0.7 }, [cell("converged", 0.5, 0)]),
    ]);
    expect(filterRows(both).map(({ method, runs, outside }) => [method, runs, outside])).toEqual([
      ["USAM", 2, 1],
      ["USAM, momentum 0.7", 2, 1],
      ["heavy ball", 1, 0],
    ]);
    expect(filterFinding(both)).toContain("2 of these lie outside their optimizers' filters; the closest");
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
    expect(rows).toHaveLength(9);
    expect(rows.reduce((sum, { runs }) => sum + runs, 0)).toBe(75);
    for (const { converged, outside, closest } of rows) {
      expect(converged).toBeGreaterThan(0);
      expect(outside).toBe(0);
      expect(closest).toBeGreaterThan(0.5);
      expect(closest).toBeLessThan(1 + 1e-4);
    }
    // Some edges lie below every minimum's curvature: there nothing comes to rest.
    expect(rows.some(({ runs, converged }) => converged < runs)).toBe(true);
    expect(stdout).toMatch(
      /Of 75 runs \d+ converged, and none of these lies outside its optimizer's filter; the closest comes to 0\.\d{4}/,
    );
    expect(results.description.training).toMatchObject({ samples: 24, l2: 0.1, perturbations: 1 });
    const figures = readdirSync(out).filter((name) => name.endsWith(".svg"));
    expect(figures).toEqual(
      expect.arrayContaining(["edges.svg", "filtered-spectra.svg", "edge-of-stability.svg"]),
    );
  }, 180_000);

  it("refuses what it has no use for", async () => {
    const { status, stderr } = await flatwardHere("filters", "--data", "irs");
    expect(status).toBe(2);
    expect(stderr).toContain("did you mean iris?");
  });

  it.each([
    ["an option of --data without it", ["--hidden", "4"], /--hidden belongs to --data/],
    ["a label without data", ["--label", "species"], /--label belongs to --data/],
    [
      "an option that a plan has the say of",
      ["--data", "iris", "--plan", "own.yaml", "--l2", "0.1"],
      /--l2 is set by own\.yaml/,
    ],
  ])("refuses %s", async (_, args, message) => {
    const output = join(scratch(), "out");
    const { status, stderr } = await flatwardHere("filters", ...args, "--output", output);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(readdirSync(dirname(output))).toEqual([]);
  });
});
