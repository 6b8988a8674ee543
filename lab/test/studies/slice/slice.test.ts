import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lossAndGradient, spectralMoments, type ThreeLayerNet, wsBounds } from "flatward";
import { randomDirection, sliceGrid } from "flatward/landscape";
import { describe, expect, it, vi } from "vitest";
import { networkFor } from "../../../src/experiment/network/make.js";
import { prepare } from "../../../src/experiment/prepare.js";
import { deserialize, serialize } from "../../../src/serialize.js";
import type { SlicePlane } from "../../../src/studies/slice/directions.js";
import type { SliceDocument } from "../../../src/studies/slice/page/document.js";
import { loadManifestData, readManifest } from "../../../src/sweep/manifest.js";
import { flatward, flatwardHere, type Outcome, scratch } from "../../support/run.js";
import { canonicalHash, writePlan } from "../../support/sweeps.js";

// Many commands a test: on a shared machine they take their time.
vi.setConfig({ testTimeout: 180_000 });

const training = ["--hidden", "3", "--steps", "20"];
const small = ["--points", "7", "--no-surface"];

/** The only slice in a folder. */
function folderIn(output: string): string {
  const slices = readdirSync(output).filter((name) => name.startsWith("slice-"));
  expect(slices).toHaveLength(1);
  return join(output, slices[0]);
}

const documentIn = (folder: string): SliceDocument =>
  JSON.parse(readFileSync(join(folder, "slice.json"), "utf8"));
const sliceOf = (...args: string[]): SliceDocument => {
  const { status, stdout, stderr } = flatward("slice", ...args, "--json");
  expect(stderr).not.toMatch(/WARN|NaN|undefined/);
  expect(status).toBe(0);
  return JSON.parse(stdout);
};

describe("flatward slice", () => {
  const output = scratch();
  const first = flatward("slice", ...training, "--points", "7", "--output", output);
  const folder = folderIn(output);
  const document = documentIn(folder);
  const theta = Float64Array.from(
    JSON.parse(readFileSync(join(output, "cells", `${document.training.cell}.json`), "utf8")).result.theta,
  );

  it("prints facts, and writes JSON, a picture, and a page that needs nothing else", () => {
    expect(first.status).toBe(0);
    for (const text of [
      "filter-normalised",
      "cos(d₁, d₂)",
      "‖d‖",
      "7 × 7 points, range ±1",
      "WS bound",
      "SHA-256",
    ])
      expect(first.stdout).toContain(text);
    expect(readdirSync(folder).sort()).toEqual(["map.svg", "rows", "slice.html", "slice.json"]);
    const page = readFileSync(join(folder, "slice.html"), "utf8");
    const [, own] = page.split(/<script[\s\S]*<\/script>/);
    const markup = page.replace(/<script[\s\S]*<\/script>/g, "");
    expect(own).toBeDefined();
    for (const text of [markup, readFileSync(join(folder, "map.svg"), "utf8"), first.stdout])
      expect(text.match(/NaN|undefined|Infinity|null/g)).toBeNull();
    expect(markup.match(/<link|@import|src=|url\((?!#)/g)).toBeNull();
    // What a picture must say of itself, it says in the picture.
    const svg = readFileSync(join(folder, "map.svg"), "utf8");
    for (const text of ["seed 1", "filter-normalised", "range ±1", "loss at the centre", "curvature", "cos("])
      expect(svg.includes(text), text).toBe(true);
  });

  it("has the training loss on record in its centre, to the bit", () => {
    const record = JSON.parse(readFileSync(join(output, "cells", `${document.training.cell}.json`), "utf8"));
    const recorded = record.result.measures.trainLoss;
    expect(document.centre.loss).toEqual([recorded]);
    expect(document.values.loss?.[24]).toBe(recorded);
  });

  it("has the values of the loss and of the bound at every point, as the engine alone computes them", () => {
    const manifest = readManifest(join(output, "manifest.json"));
    const dataset = loadManifestData(manifest.data[0]);
    const { config } = manifest.cells[0];
    const { train } = prepare(dataset, config.training, config.seed);
    const net = networkFor(dataset, config.network) as ThreeLayerNet;
    const [d1, d2] = [0, 1].map((index) => randomDirection(theta, net.layout, { seed: 1, index }));
    const axis = sliceGrid({ range: 1, points: 7 });
    expect(document.axes).toEqual([Array.from(axis), Array.from(axis)]);
    axis.forEach((v, j) => {
      axis.forEach((u, i) => {
        const at = theta.map((entry, k) => entry + u * d1[k] + v * d2[k]);
        expect(document.values.loss?.[7 * j + i]).toBe(lossAndGradient(net, at, train).loss);
        const bound = wsBounds(spectralMoments(net, at, train)).largest.upper;
        expect(document.values["ws-bound"]?.[7 * j + i]).toBe(bound);
      });
    });
  });

  it("computes nothing twice, and repeats the same bits, whatever the number of threads", () => {
    const rows = join(folder, "rows");
    const stamps = () => readdirSync(rows).map((name) => `${name} ${statSync(join(rows, name)).mtimeMs}`);
    const before = stamps();
    const again = flatward("slice", ...training, ...small, "--output", output);
    expect(again.stdout).toContain("rows: 7 found, 0 computed");
    expect(stamps()).toEqual(before);
    for (const workers of ["1", "3"]) {
      const other = scratch();
      const alone = sliceOf(...training, ...small, "--output", other, "--workers", workers);
      expect(alone.sha256).toBe(document.sha256);
      for (const name of readdirSync(rows))
        expect(readFileSync(join(folderIn(other), "rows", name))).toEqual(readFileSync(join(rows, name)));
    }
    const { sha256, provenance: _, ...content } = document;
    expect(canonicalHash(content)).toBe(sha256);
  });

  it("computes again what is damaged, what is of another slice, and what has other values, and says so once", () => {
    const row = (index: number) => join(folder, "rows", `000${index}.json`);
    const indices = [0, 1, 2, 4, 5, 6];
    const intact = indices.map((index) => readFileSync(row(index), "utf8"));
    const rehashed = (index: number, change: (values: Record<string, unknown>) => void) => {
      const { sha256: _, ...content } = JSON.parse(readFileSync(row(index), "utf8"));
      change(content.values);
      writeFileSync(row(index), JSON.stringify({ ...content, sha256: canonicalHash(content) }));
    };
    rehashed(0, (values) => (values.loss as unknown[]).pop());
    rehashed(1, (values) => (values.loss as unknown[]).fill("low"));
    rehashed(6, (values) => delete values["ws-bound"]);
    writeFileSync(row(2), intact[2].slice(0, 80));
    writeFileSync(row(4), intact[3].replace(/"loss":\[[\d.]+/, '"loss":[0.5'));
    writeFileSync(row(5), intact[2]);
    const again = flatward("slice", ...training, ...small, "--output", output);
    expect(again.stdout).toContain("rows: 1 found, 6 computed");
    const names = indices.map((index) => `000${index}.json`).join(", ");
    expect(again.stderr).toContain(
      `flatward: 6 rows in ${folder} are damaged or of another version, and computed again: ${names}\n`,
    );
    expect(again.status).toBe(0);
    expect(indices.map((index) => readFileSync(row(index), "utf8"))).toEqual(intact);
  });

  it("is another slice with another seed, another grid, or other functions", () => {
    const others = [
      ["--seed", "2"],
      ["--range", "0.5"],
      ["--colour", "trace"],
      ["--biases", "normalize"],
    ];
    const slices = others.map((other) =>
      sliceOf(...training, "--points", "2", "--no-surface", "--output", output, ...other),
    );
    expect(new Set([document, ...slices].map(({ id }) => id)).size).toBe(5);
    expect(slices[0].directions[0].slope).not.toBe(document.directions[0].slope);
    // Biases are moved then, by as much as they are long.
    expect(slices[3].directions[0].length).toBeGreaterThan(document.directions[0].length);
  });

  it("goes along a line, with the parabola of its curvature", () => {
    const line = sliceOf(...training, "--dimensions", "1", "--output", output, "--colour", "loss");
    expect(line.axes).toHaveLength(1);
    expect(line.values.loss).toHaveLength(101);
    expect(Object.keys(line.values)).toEqual(["loss"]);
    expect(line.values.loss?.[50]).toBe(document.centre.loss?.[0]);
    expect(line.directions).toEqual(document.directions.slice(0, 1));
    const [{ length, slope, curvature }] = line.directions;
    const [before, , after] = (line.values.loss ?? []).slice(49, 52).map(Number);
    const step = 0.02 * length;
    expect((after - before) / (2 * step)).toBeCloseTo(slope, 4);
    expect((after - 2 * Number(line.centre.loss?.[0]) + before) / (step * step)).toBeCloseTo(curvature, 3);
  });

  it("measures along directions whose squares overflow", () => {
    const short = ["--hidden", "2", "--steps", "3"];
    const far = sliceOf(...short, "--learning-rate", "1e200", ...small, "--output", scratch());
    for (const { length, slope } of far.directions) {
      expect(length).toBeGreaterThan(1e190);
      expect(Math.abs(slope)).toBeGreaterThan(0);
    }
  });

  it("goes along eigenvectors, whose curvatures are the eigenvalues", () => {
    const options = ["--directions", "eigenvectors", "--which", "both", "--colour", "lambda-max"];
    const slice = sliceOf(...training, ...small, ...options, "--output", output);
    const [top, bottom] = slice.directions;
    expect(top.name).toContain(`λ_max = ${top.curvature.toPrecision(4)}`);
    expect(bottom.curvature).toBeLessThan(top.curvature);
    expect(Number(slice.centre["lambda-max"]?.[0])).toBeCloseTo(top.curvature, 5);
    expect(Math.abs(Number(slice.cosine))).toBeLessThan(1e-12);
  });

  it("goes through the path of the training, which it computes once", () => {
    const options = ["--directions", "trajectory", "--snapshots", "10", "--output", output];
    const slice = sliceOf(...training, ...small, ...options);
    const { path = [], directions } = slice;
    const steps = path.map(({ step }) => step);
    expect([steps.length, steps[0], new Set(steps).size]).toEqual([11, 0, 11]);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(path.at(-1)).toEqual({ step: 20, coordinates: [0, 0], loss: document.centre.loss?.[0] });
    expect(path[0].loss).toBeGreaterThan(path[10].loss);
    expect(directions[0].name).toMatch(/principal component 1 \(9\d\.\d % of the variance\)/);
    // All of the path is on the picture.
    for (const { coordinates } of path)
      coordinates.forEach((t, k) => {
        expect(t).toBeGreaterThan(slice.axes[k][0]);
        expect(t).toBeLessThan(slice.axes[k].at(-1) as number);
      });
    const finer = flatward(
      "slice",
      ...training,
      ...options,
      "--no-surface",
      "--points",
      "7",
      "--colour",
      "trace",
    );
    expect(finer.stderr).not.toContain("training again");

    // A checksum that holds for something else is as good as none.
    const [name] = readdirSync(output).filter((entry) => entry.startsWith("trajectory-"));
    const plane = join(output, name);
    const kept = readFileSync(plane);
    const content = deserialize(kept) as SlicePlane;
    for (const part of [
      {},
      { ...content, directions: content.directions.map((direction) => direction.subarray(1)) },
      { ...content, axes: content.axes.map((axis) => axis.map(() => Number.NaN)) },
    ]) {
      writeFileSync(plane, serialize(part));
      const again = flatward("slice", ...training, ...small, ...options);
      expect(again.stderr).toContain(
        `flatward: ${plane} is damaged or of another version, and is computed again`,
      );
      expect(again.stdout).toContain(`SHA-256  ${slice.sha256}`);
      expect(readFileSync(plane)).toEqual(kept);
    }
  });
});

describe("flatward slice --run", () => {
  const place = scratch();
  const plan = (name: string, content: object): string => {
    const folder = join(place, name);
    const path = writePlan(
      place,
      { seeds: [1], measures: ["trainLoss", "theta"], ...content },
      `${name}.json`,
    );
    const { status, stderr } = flatward("sweep", path, "--output", folder);
    expect(stderr).not.toMatch(/flatward:/);
    expect(status).toBe(0);
    return folder;
  };
  const run = plan("two", {
    data: "iris",
    network: { hidden: [2, 3] },
    methods: [{ name: "gradient-descent", learningRate: [0.1, 0.3] }],
    training: { steps: 15 },
  });
  const cells = readManifest(join(run, "manifest.json")).cells;
  const lossOf = (index: number): number =>
    JSON.parse(readFileSync(join(run, "cells", `${cells[index].id}.json`), "utf8")).result.measures.trainLoss;
  const alike = [0, 1, 2, 3].filter(
    (i) => JSON.stringify(cells[i].config.network) === JSON.stringify(cells[0].config.network),
  );
  const unlike = [0, 1, 2, 3].find((i) => !alike.includes(i)) as number;

  it("goes from one solution to another, and ends at its loss", () => {
    const slice = sliceOf("--run", run, "--index", "0", "--to-index", String(alike[1]), "--points", "21");
    expect(slice.axes).toHaveLength(1);
    expect([slice.axes[0][5], slice.axes[0][15]]).toEqual([0, 1]);
    expect(slice.values.loss?.[5]).toBe(lossOf(0));
    expect(slice.values.loss?.[15]).toBeCloseTo(lossOf(alike[1]), 13);
    expect(slice.to).toEqual({
      cell: cells[alike[1]].id,
      name: expect.stringMatching(/gradient descent.*, seed 1/),
      seed: 1,
      data: "iris",
      sameData: true,
    });
    const plane = sliceOf(
      ...[
        "--run",
        run,
        "--index",
        "0",
        "--to",
        cells[alike[1]].id.slice(0, 6),
        "--dimensions",
        "2",
        ...small,
      ],
    );
    expect(plane.directions[1].length).toBeCloseTo(plane.directions[0].length, 12);
    expect(Math.abs(Number(plane.cosine))).toBeLessThan(1e-12);
    expect(plane.cosineBefore).not.toBe(plane.cosine);
  });

  it("shows two trainings in the plane through their ends and the start", () => {
    const options = ["--to-index", String(alike[1]), "--directions", "trajectory", "--snapshots", "5"];
    const slice = sliceOf("--run", run, "--index", "0", ...options, ...small);
    const [own, other] = [slice.path ?? [], slice.otherPath ?? []];
    expect([own.length, other.length]).toEqual([6, 6]);
    expect(slice.otherMethod).toEqual(cells[alike[1]].config.method);
    // Both from one start, which lies in the plane; θ is at (0, 0), and the other end at (1, 0).
    expect(own[0].loss).toBe(other[0].loss);
    for (const k of [0, 1]) expect(own[0].coordinates[k]).toBeCloseTo(other[0].coordinates[k], 12);
    expect(own.at(-1)).toEqual({ step: 15, coordinates: [0, 0], loss: lossOf(0) });
    expect(other.at(-1)?.coordinates[0]).toBeCloseTo(1, 12);
    expect(other.at(-1)?.coordinates[1]).toBeCloseTo(0, 12);
    expect(other.at(-1)?.loss).toBeCloseTo(lossOf(alike[1]), 13);
    expect(Math.abs(Number(slice.cosine))).toBeLessThan(1e-12);
    for (const { coordinates } of [...own, ...other])
      coordinates.forEach((t, k) => {
        expect(t).toBeGreaterThan(slice.axes[k][0]);
        expect(t).toBeLessThan(slice.axes[k].at(-1) as number);
      });
  });

  it("shows λ_max under its bound along a line", () => {
    const slice = sliceOf("--run", run, "--index", "0", "--dimensions", "1", "--points", "5");
    expect(Object.keys(slice.values)).toEqual(["loss", "ws-bound", "lambda-max"]);
    for (const [i, value] of (slice.values["lambda-max"] ?? []).entries())
      expect(Number(value)).toBeLessThanOrEqual(Number(slice.values["ws-bound"]?.[i]) * (1 + 1e-9));
  });

  it("says where the other was trained on other labels, and follows a method of its own steps", () => {
    const noisy = plan("noisy", {
      data: "iris",
      network: { hidden: 2 },
      methods: [{ name: "gradient-descent", learningRate: 0.1, steps: 6 }],
      training: { steps: 15, labelNoise: [0, 0.3] },
    });
    const slice = sliceOf("--run", noisy, "--index", "0", "--to-index", "1", "--points", "5");
    expect(slice.to).toMatchObject({ data: "iris", seed: 1, sameData: false });
    const options = ["--directions", "trajectory", "--snapshots", "3", ...small];
    const { path = [] } = sliceOf("--run", noisy, "--index", "0", ...options);
    expect([path.length, path[0].step, path.at(-1)?.step]).toEqual([4, 0, 6]);
    expect(path.at(-1)?.loss).toBe(slice.centre.loss?.[0]);
  });

  it("refuses a line to a network of another shape", () => {
    const { status, stderr } = flatward("slice", "--run", run, "--index", "0", "--to-index", String(unlike));
    expect(stderr).toMatch(/is a network of another shape/);
    expect(status).toBe(2);
  });

  it("takes networks of layers: normalising and dropping ones too", () => {
    const deep = plan("deep", {
      data: "iris",
      network: {
        kind: "sequential",
        layers: [
          { kind: "dense", outputs: 4 },
          { kind: "batchNorm" },
          { kind: "relu" },
          { kind: "dropout", rate: 0.2 },
          { kind: "dense" },
        ],
      },
      methods: [{ name: "gradient-descent", learningRate: 0.1 }],
      training: { steps: 12, batchSize: 30 },
      curvatureSamples: 40,
    });
    const slice = sliceOf("--run", deep, ...small, "--workers", "2");
    expect(Object.keys(slice.values)).toEqual(["loss"]);
    expect(slice.values.loss?.[24]).toBe(slice.centre.loss?.[0]);
    const record = JSON.parse(readFileSync(join(deep, "cells", `${slice.training.cell}.json`), "utf8"));
    expect(slice.centre.loss).toEqual([record.result.measures.trainLoss]);
    const path =
      sliceOf("--run", deep, "--directions", "trajectory", "--snapshots", "4", ...small).path ?? [];
    expect(path.at(-1)?.loss).toBe(record.result.measures.trainLoss);
    const estimated = sliceOf("--run", deep, ...small, "--points", "3", "--colour", "ws-bound");
    expect(estimated.values["ws-bound"]?.[4]).toBe(estimated.centre["ws-bound"]?.[0]);
    const coloured = ["--run", deep, ...small, "--points", "3", "--colour", "lambda-max"];
    expect(Number(sliceOf(...coloured).centre["lambda-max"]?.[0])).toBeGreaterThan(0);
    expect(flatward("slice", ...coloured).stdout).toMatch(/curvature +λ_max of 40 training samples/);
    expect(slice.curvatureSamples).toBe(40);
  });
});

describe("flatward slice refuses", () => {
  const cases: readonly [name: string, args: string[], status: number, message: RegExp][] = [
    [
      "--to without --run",
      ["--to", "abc"],
      2,
      /--to names another cell of a sweep: give its folder with --run/,
    ],
    [
      "a line of two paths",
      ["--run", "results", "--to-index", "1", "--directions", "trajectory", "--dimensions", "1"],
      2,
      /is the plane of both trainings/,
    ],
    ["three dimensions", ["--dimensions", "3"], 2, /It must be 1 or 2/],
    ["one point", ["--points", "1"], 2, /whole number ≥ 2/],
    ["a range backwards", ["--range", "1,-1"], 2, /two ascending ones/],
    ["a range of three", ["--range", "1,2,3"], 2, /two ascending ones/],
    ["a range wider than numbers go", ["--range", "1e308"], 2, /two ascending ones/],
    ["no range", ["--range", "0"], 2, /It must be a number > 0/],
    ["an unknown function", ["--colour", "hessian"], 2, /Allowed choices are loss, /],
    [
      "snapshots of random directions",
      ["--snapshots", "9"],
      2,
      /--directions random does not use --snapshots/,
    ],
    [
      "a normalisation of a training's directions",
      ["--directions", "trajectory", "--normalization", "filter"],
      2,
      /does not use --normalization/,
    ],
    ["data without a sweep", ["--run", "nowhere"], 4, /nowhere holds no sweep/],
  ];

  function expectRefusal(outcome: Outcome, status: number, message: RegExp, output: string): void {
    expect(outcome.stderr).toMatch(message);
    expect(outcome.status).toBe(status);
    // How the data were read is told before anything is computed.
    expect(outcome.stdout).toMatch(/^(?:iris: 150 samples, [^\n]*\n)?$/);
    if (existsSync(output))
      expect(readdirSync(output).filter((name) => name.startsWith("slice-"))).toEqual([]);
  }

  it.each(cases)("%s, with a sentence and an exit code", async (_, args, status, message) => {
    const output = join(scratch(), "out");
    expectRefusal(await flatwardHere("slice", ...args, "--output", output), status, message, output);
  });

  it("the path of a network that was not trained, which it looks at first", () => {
    const output = join(scratch(), "out");
    const outcome = flatward("slice", "--directions", "trajectory", "--steps", "0", "--output", output);
    expectRefusal(outcome, 2, /more than 2 points/, output);
  });
});
