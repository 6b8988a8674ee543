// The shares are the engine's, whose tests have them from dense Hessians; here it is held that they belong to the rows and
// classes that they are said to belong to.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exactHessian, type Tensor, wsBounds, wsUpperBoundAndGradient } from "flatward";
import { describe, expect, it } from "vitest";
import { loadSource } from "../../../src/data/sources.js";
import type { ExplainResult, SampleShare } from "../../../src/studies/explain/analyze.js";
import { explainFinding, percent } from "../../../src/studies/explain/finding.js";
import type { ExplainDocument } from "../../../src/studies/explain/page/document.js";
import { principalPlane } from "../../../src/studies/explain/principal-plane.js";
import { trainedCell } from "../../../src/sweep/trained.js";
import { openSweep } from "../../../src/terminal/choose-cells.js";
import { flatward, scratch } from "../../support/run.js";

const total = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

function documentIn(folder: string): ExplainDocument {
  return JSON.parse(readFileSync(join(folder, "explain.json"), "utf8"));
}

describe("flatward explain", () => {
  const folder = scratch();
  const first = flatward(
    "explain",
    "--hidden",
    "3",
    "--steps",
    "150",
    "--top",
    "4",
    "--full",
    "--output",
    folder,
  );

  it("prints the finding and tables, and writes JSON and a page that needs nothing else", () => {
    expect(first.status).toBe(0);
    for (const text of [
      "The sharpest samples",
      "petal_width",
      "with virginica",
      "layer 2, outputs",
      "cross term of both",
      "all others",
      explainFinding(documentIn(folder).result),
    ])
      expect(first.stdout).toContain(text);
    expect(readdirSync(folder).sort()).toEqual(["cells", "explain.html", "explain.json", "manifest.json"]);
    const page = readFileSync(join(folder, "explain.html"), "utf8");
    expect(page.match(/<figure/g)).toHaveLength(5);
    expect(page).not.toMatch(/<script|<link|@import|src=|url\(/);
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/);
    expect(first.stdout).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it("has shares that add up to the bound of the dense Hessian, by rows of the data", () => {
    const { result } = documentIn(folder);
    const { manifest, store } = openSweep(folder);
    const { net, theta, sample } = trainedCell(manifest, store, 0);
    const h = exactHessian(net, theta, sample).data;
    const trace = total(Array.from({ length: net.size }, (_, i) => h[i * (net.size + 1)]));
    const frobeniusSquared = h.reduce((sum, entry) => sum + entry * entry, 0);
    const { value } = result;
    expect(value / wsBounds({ size: net.size, trace, frobeniusSquared }).largest.upper).toBeCloseTo(1, 12);
    expect(value).toBeGreaterThanOrEqual(result.lambdaMax);
    for (const shares of [
      result.samples.map(({ share }) => share),
      result.classes.map(({ share }) => share),
      result.classPairs.flat(),
      result.layers,
      result.units.flat(),
      [result.gaussNewton, result.residual, result.cross],
      [...result.pairs.map(({ share }) => share), result.otherPairs],
    ])
      expect(total(shares) / value).toBeCloseTo(1, 11);

    const iris = loadSource({ name: "iris" });
    const scaled = sample.x as Tensor;
    for (const [i, { row, label }] of result.samples.entries()) {
      expect(iris.y[row - 1]).toBe(label);
      // Scaled alike: a feature's difference to that of the first sample, over that of the second to it.
      const given = (r: number) => iris.x[(r - 1) * 4];
      const [a, b] = [result.samples[0].row, result.samples[1].row];
      const ratio = (given(row) - given(a)) / (given(b) - given(a));
      const of = (k: number) => scaled.data[k * 4];
      expect((of(i) - of(0)) / (of(1) - of(0))).toBeCloseTo(ratio, 9);
    }
  });

  it("follows shares along the training, and takes a step down B", () => {
    const { result } = documentIn(folder);
    const { manifest, store } = openSweep(folder);
    const { net, theta, sample } = trainedCell(manifest, store, 0);
    const boundAt = (at: Float64Array) => {
      const h = exactHessian(net, at, sample).data;
      const trace = total(Array.from({ length: net.size }, (_, i) => h[i * (net.size + 1)]));
      const frobeniusSquared = h.reduce((sum, entry) => sum + entry * entry, 0);
      return wsBounds({ size: net.size, trace, frobeniusSquared }).largest.upper;
    };
    const { along, step } = result as Required<ExplainResult>;
    expect([along.steps[0], along.steps.at(-1)]).toEqual([0, 150]);
    expect(along.values[0] / boundAt(net.init(1))).toBeCloseTo(1, 11);
    for (const [k, value] of along.values.entries()) {
      expect(total(along.classes[k]) / value).toBeCloseTo(1, 11);
      expect(total(along.layers[k]) / value).toBeCloseTo(1, 11);
    }
    expect(along.values.at(-1)).toBeCloseTo(result.value, 11);
    along.classes.at(-1)?.forEach((share, k) => {
      expect(share).toBeCloseTo(result.classes[k].share, 11);
    });
    const sharpest = result.samples.map(({ share }) => share).sort((a, b) => b - a);
    const [few, half] = [along.sharpest.at(-1) ?? 0, result.value / 2];
    expect(few).toBeGreaterThanOrEqual(half);
    expect(sharpest.some((_, i) => Math.abs(total(sharpest.slice(0, i + 1)) - few) < 1e-11)).toBe(true);

    const { gradient } = wsUpperBoundAndGradient(net, theta, sample);
    const scale = (0.01 * Math.hypot(...theta)) / Math.hypot(...gradient);
    const moved = theta.map((weight, i) => weight - scale * gradient[i]);
    expect(step.hsr.value / boundAt(moved)).toBeCloseTo(1, 11);
    expect(step.before.value).toBeCloseTo(result.value, 11);
    expect(step.before.lambdaMax).toBeCloseTo(result.lambdaMax, 9);
    expect(step.hsr.value).toBeLessThan(step.before.value);
    expect(step.descent.loss).toBeLessThan(step.before.loss);
  });

  it("does not train once more with --no-path", () => {
    const place = scratch();
    expect(flatward("explain", "--run", folder, "--no-path", "--output", place).status).toBe(0);
    const { along: _, ...others } = documentIn(folder).result;
    expect(documentIn(place).result).toEqual(others);
  });

  it("pictures the same pairs that it tells", () => {
    const { pairs, pictured, samples } = documentIn(folder).result;
    for (const { i, j, share } of pairs) {
      const [a, b] = [pictured.samples.indexOf(i), pictured.samples.indexOf(j)];
      if (a < 0 || b < 0) continue;
      expect((pictured.shares[a][b] * (i === j ? 1 : 2)) / share).toBeCloseTo(1, 9);
    }
    const labels = pictured.samples.map((i) => samples[i].label);
    expect(labels).toEqual([...labels].sort());
  });

  it("repeats the same bits from the training on record, alone on stdout with --json", () => {
    const again = flatward("explain", "--run", folder, "--json");
    expect(again.status).toBe(0);
    expect(JSON.parse(again.stdout).sha256).toBe(documentIn(folder).sha256);
  });

  it("shows the regions of two features, and pictures where samples are such", () => {
    const plane = scratch();
    const untrained = ["--steps", "0", "--hidden", "3"];
    expect(flatward("explain", "--data", "moons", ...untrained, "--output", plane).status).toBe(0);
    expect(readFileSync(join(plane, "explain.html"), "utf8")).toContain(
      "the class that the network decides for",
    );
    expect(documentIn(plane).result.axes).toEqual(["x1", "x2"]);
    const pictures = scratch();
    expect(flatward("explain", "--data", "digits", ...untrained, "--output", pictures).status).toBe(0);
    const page = readFileSync(join(pictures, "explain.html"), "utf8");
    expect(page.match(/<figure/g)).toHaveLength(5);
    expect(page).toContain('<figure id="pictures"');
  });

  it("has neither tables nor pictures where the bound is 0", () => {
    const flat = scratch();
    const diverging = ["--learning-rate", "1e9", "--steps", "20", "--hidden", "3"];
    const { status, stdout } = flatward("explain", ...diverging, "--output", flat);
    expect(status).toBe(0);
    expect(stdout).toContain("The bound is 0: there is no sharpness to be shared.");
    const page = readFileSync(join(flat, "explain.html"), "utf8");
    for (const text of [stdout, page]) expect(text).not.toMatch(/NaN|The sharpest/);
    expect(page).not.toContain("<figure");
  });

  it("says that a network with a convolution has no shares", () => {
    const place = scratch();
    const layers = [{ kind: "conv2d", channels: 1, kernel: 2 }, { kind: "flatten" }, { kind: "dense" }];
    const plan = {
      data: { name: "iris" },
      network: { kind: "sequential", input: [1, 2, 2], layers },
      methods: [{ name: "gradient-descent", learningRate: 0.1 }],
      seeds: [1],
      training: { steps: 1 },
      measures: ["trainLoss", "theta"],
    };
    writeFileSync(join(place, "plan.json"), JSON.stringify(plan));
    const out = join(place, "out");
    expect(flatward("sweep", join(place, "plan.json"), "--output", out).status).toBe(0);
    const { status, stderr } = flatward("explain", "--run", out);
    expect(status).toBe(2);
    expect(stderr).toContain("dense layers alone");
  });
});

describe("the finding", () => {
  const classes = ["a", "b", "c"].map((name) => ({ name, samples: 2, share: 0 }));
  const sample = (share: number, label = 0, predicted = 0, second = 1): SampleShare => {
    return { row: 1, label, predicted, second, share, x: 0, y: 0 };
  };
  const finding = (samples: readonly SampleShare[], value = 1): string =>
    explainFinding({ samples, value, classes } as Pick<ExplainResult, "samples" | "value" | "classes">);

  it.each([
    [
      [sample(0.1), sample(0.6, 1), sample(0.3)],
      "1 of 3 samples carries 60 % of the bound; it lies between a and b; the network takes one of them for another class.",
    ],
    [
      [sample(0.3, 2, 2, 1), sample(0.4, 1, 2, 1), sample(0.3), sample(0)],
      "2 of 4 samples carry 70 % of the bound; they lie between b and c; the network takes one of them for another class.",
    ],
    [
      [sample(0.3), sample(0.1, 2, 2, 0), sample(0.15, 1, 1, 2), sample(0.45, 0, 1, 0)],
      "2 of 4 samples carry 75 % of the bound; they lie between a and b; the network takes one of them for another class.",
    ],
  ])("names how many, where, and what is mistaken: %#", (samples, said) => {
    expect(finding(samples)).toBe(said);
  });

  it("of a bound that is not positive is that there is none", () => {
    expect(finding([sample(0)], 0)).toBe("The bound is 0: there is no sharpness to be shared.");
  });

  it("has percentages with a digit where they are small, and a minus", () => {
    expect([0.5, 0.0123, -0.25, 0.0004, -0.0004].map(percent)).toEqual([
      "50 %",
      "1.2 %",
      "−25 %",
      "0 %",
      "0 %",
    ]);
  });
});

it("the principal plane is that of the largest variance", () => {
  // Points on an ellipse in a plane of R³: 5 and 2 along orthogonal directions, and nothing along the third.
  const [u, v] = [
    [0.6, 0.8, 0],
    [0, 0, 1],
  ];
  const angles = Array.from({ length: 12 }, (_, i) => (2 * Math.PI * i) / 12);
  const rows = angles.map((t) => u.map((_, c) => 5 * Math.cos(t) * u[c] + 2 * Math.sin(t) * v[c] + c));
  const x = { data: Float64Array.from(rows.flat()), shape: [12, 3], stride: [3, 1], offset: 0 } as Tensor;
  const { points, axes } = principalPlane(x, { features: ["p", "q", "r"], positions: [], rows });
  points.forEach((point, i) => {
    expect(Math.abs(point.x)).toBeCloseTo(Math.abs(5 * Math.cos(angles[i])), 9);
    expect(Math.abs(point.y)).toBeCloseTo(Math.abs(2 * Math.sin(angles[i])), 9);
  });
  expect(axes).toEqual([
    "principal component 1 (86 % of the variance)",
    "principal component 2 (14 % of the variance)",
  ]);
});

it("the principal plane of samples that are all the same has no variance", () => {
  const x = { data: new Float64Array(12), shape: [4, 3], stride: [3, 1], offset: 0 } as Tensor;
  const { points, axes } = principalPlane(x, { features: ["p", "q", "r"], positions: [], rows: [] });
  expect(points).toEqual(Array(4).fill({ x: 0, y: 0 }));
  expect(axes[1]).toBe("principal component 2 (0 % of the variance)");
});
