import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadSource, type SourceConfig } from "../../src/data/sources.js";
import { trainingSchema } from "../../src/experiment/config.js";
import { prepare } from "../../src/experiment/prepare.js";
import { idxBytes, pixelsOf, writePictures } from "../support/idx-files.js";
import { flatward, flatwardHere, scratch } from "../support/run.js";
import { writePlan } from "../support/sweeps.js";

const load = (path: string, settings: Partial<SourceConfig> = {}) =>
  loadSource({ name: "mnist", path, ...settings });

const training = (settings: object = {}) => trainingSchema.parse({ steps: 0, ...settings });

/** A folder with eight training and six test images. */
function both(style: Parameters<typeof writePictures>[3] = {}): string {
  const folder = scratch();
  writePictures(folder, "train", { count: 8 }, style);
  writePictures(folder, "t10k", { count: 6, first: 100 }, style);
  return folder;
}

describe("a folder with MNIST's files", () => {
  it.each([
    ["hyphens", {}],
    ["dots", { separator: "." }],
    ["hyphens, gzipped", { gzipped: true }],
    ["dots, gzipped", { separator: ".", gzipped: true }],
  ] as const)("is found by names with %s, and its data are the same", (_, style) => {
    const folder = both(style);
    const dataset = load(folder);
    expect(dataset).toMatchObject({
      name: basename(folder),
      label: "class",
      classes: ["0", "1"],
      image: [1, 2, 3],
      testFrom: 8,
    });
    expect(dataset.features).toEqual(["x1", "x2", "x3", "x4", "x5", "x6"]);
    expect([...dataset.x]).toEqual([...pixelsOf({ count: 8 }), ...pixelsOf({ count: 6, first: 100 })]);
    expect([...dataset.y]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(dataset.sha256).toBe(load(both()).sha256);
  });

  it("keeps to its own test part, whatever the seed and the test fraction", () => {
    const dataset = load(both());
    const wanted = { train: pixelsOf({ count: 8 }), test: pixelsOf({ count: 6, first: 100 }) };
    for (const seed of [1, 2]) {
      const { train, test } = prepare(dataset, training({ scaling: "none", testFraction: 0.5 }), seed);
      expect(train.x).toMatchObject({
        shape: [8, 6],
        data: Float64Array.from(wanted.train, (pixel) => pixel / 255),
      });
      expect(test.x).toMatchObject({
        shape: [6, 6],
        data: Float64Array.from(wanted.test, (pixel) => pixel / 255),
      });
      expect([[...(train.y as Int32Array)], [...(test.y as Int32Array)]]).toEqual([
        [0, 1, 0, 1, 0, 1, 0, 1],
        [0, 1, 0, 1, 0, 1],
      ]);
    }
  });

  it("is put together and split by the seed when that is asked for", () => {
    const dataset = load(both(), { split: "drawn" });
    expect(dataset.testFrom).toBeUndefined();
    expect(dataset.sha256).not.toBe(load(both()).sha256);
    const { train, test } = prepare(dataset, training(), 1);
    expect([train.x, test.x]).toMatchObject([{ shape: [10, 6] }, { shape: [4, 6] }]);
  });

  it("with one part alone is split by the seed, as is one file of images", () => {
    const folder = scratch();
    const { images } = writePictures(folder, "t10k", { count: 6 }, { gzipped: true });
    expect(load(folder).testFrom).toBeUndefined();
    expect(load(images)).toEqual({ ...load(folder), name: basename(images) });
    expect(prepare(load(folder), training(), 1).test.x).toMatchObject({ shape: [2, 6] });
  });

  it("gives the first so many of each part, and other data are another hash", () => {
    const dataset = load(both(), { samples: 7 });
    expect([dataset.y.length, dataset.testFrom]).toEqual([13, 7]);
    expect([...dataset.x]).toEqual([...pixelsOf({ count: 7 }), ...pixelsOf({ count: 6, first: 100 })]);
    const hashes = [7, 6, undefined].map((samples) => load(both(), { samples }).sha256);
    expect(new Set(hashes).size).toBe(3);
  });

  it("has all classes of its labels, also where the first samples do not", () => {
    const folder = scratch();
    const { labels } = writePictures(folder, "train", { count: 8 });
    writeFileSync(labels, idxBytes([8], [3, 3, 9, 9, 3, 1, 1, 1]));
    const dataset = load(folder, { samples: 4 });
    expect(dataset.classes).toEqual(["1", "3", "9"]);
    expect([...dataset.y]).toEqual([1, 1, 2, 2]);
  });

  it("prefers a plain file to its gzipped twin", () => {
    const folder = both({ gzipped: true });
    writePictures(folder, "train", { count: 4 });
    expect(load(folder).testFrom).toBe(4);
  });
});

/** What is done to a folder with both parts, or asked of it → what the message must say. */
interface Refusal {
  readonly spoil?: (folder: string) => void;
  readonly settings?: Partial<SourceConfig>;
  /** Under the folder. */
  readonly path?: string;
  readonly message: RegExp;
  readonly code?: string;
}

const refusals: Readonly<Record<string, Refusal>> = {
  "none of them": {
    spoil: empty,
    message: /expected train-images-idx3-ubyte or t10k-images-idx3-ubyte \(or \.gz\), got neither; give the/,
  },
  "no labels": {
    spoil: (folder) => rmSync(join(folder, "t10k-labels-idx1-ubyte")),
    message: /expected t10k-labels-idx1-ubyte \(or \.gz\), got its images alone/,
  },
  "no images": {
    spoil: (folder) => rmSync(join(folder, "train-images-idx3-ubyte")),
    message: /expected train-images-idx3-ubyte \(or \.gz\), got its labels alone/,
  },
  "more labels than images": {
    spoil: (folder) => copy(folder, "train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"),
    message: /t10k-labels-idx1-ubyte: expected 6 labels, one for each image of t10k-images-idx3-ubyte, got 8/,
  },
  "images in the place of labels": {
    spoil: (folder) => copy(folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    message: /train-labels-idx1-ubyte: expected 1 dimension, got 3/,
  },
  "test images of another size": {
    spoil: (folder) =>
      writeFileSync(join(folder, "t10k-images-idx3-ubyte"), idxBytes([6, 3, 2], pixelsOf({ count: 6 }))),
    message: /expected test images of 2×3 pixels, as the training images are, got 3×2/,
  },
  "one class": {
    spoil(folder) {
      empty(folder);
      const { labels } = writePictures(folder, "train", { count: 4 });
      writeFileSync(labels, idxBytes([4], [5, 5, 5, 5]));
    },
    message: /expected at least two classes, got the label 5 alone/,
  },
  "more samples than there are": {
    settings: { samples: 9 },
    message: /expected samples of at most 8, got 9/,
  },
  "an official split of one part": {
    spoil(folder) {
      empty(folder);
      writePictures(folder, "train", { count: 4 });
    },
    settings: { split: "official" },
    message: /for the official split, got train-images-idx3-ubyte alone; .*split: drawn/,
  },
  "a folder that is not there": {
    path: "nowhere",
    message: /cannot read .*nowhere: there is no such file or folder/,
    code: "file",
  },
  "a file of another name": {
    path: "train-labels-idx1-ubyte",
    message: /expected a file of images .*got train-labels-idx1-ubyte/,
  },
};

describe("MNIST's files are refused, and the message says what is missing or wrong:", () => {
  it.each(Object.entries(refusals))("%s", (_, { spoil, settings, path = "", message, code = "data" }) => {
    const folder = both();
    spoil?.(folder);
    const read = () => load(join(folder, path), settings);
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ name: "LabError", code }));
  });
});

function empty(folder: string): void {
  for (const part of ["train", "t10k"])
    for (const name of ["images-idx3", "labels-idx1"]) rmSync(join(folder, `${part}-${name}-ubyte`));
}

function copy(folder: string, from: string, to: string): void {
  copyFileSync(join(folder, from), join(folder, to));
}

describe("the command line", () => {
  it("takes the folder or a file of images wherever it takes a CSV file", () => {
    const folder = both();
    for (const path of [folder, join(folder, "train-images-idx3-ubyte")]) {
      const { status, stdout } = flatward("verify", path, "--hidden", "1", "--case", "0");
      expect([status, stdout]).toEqual([0, expect.stringContaining("Every closed form holds")]);
    }
    const output = scratch();
    const trained = flatward(
      "spectrum",
      "--data",
      folder,
      "--hidden",
      "1",
      "--steps",
      "1",
      "--output",
      output,
    );
    expect([trained.status, trained.stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(trained.stdout).toMatch(/14 samples, 6 features.*\n?.*, 6 → 1 tanh → 2/);
  });

  it("runs a plan of it, from the plan's folder, and tells its test part in the report", () => {
    const folder = both();
    const plan = writePlan(folder, {
      data: { name: "mnist", path: "." },
      network: { hidden: 2 },
      methods: [{ name: "gradient-descent", learningRate: 0.1 }],
      training: { steps: 2, scaling: ["standardize", { mean: 0.1307, deviation: 0.3081 }] },
      seeds: [1],
      measures: ["trainLoss"],
    });
    const output = scratch();
    const { status, stderr, stdout } = flatward("sweep", plan, "--output", output, "--json");
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/flatward:/)]);
    expect(JSON.parse(stdout).problems).toMatchObject([{ data: { testSamples: 6, samples: 14 } }, {}]);
  });

  it.each([
    [
      "a folder that is not there",
      ["--data", "mnist"],
      2,
      /there is no data set "mnist"; .* path of a CSV file/,
    ],
    [
      "settings that data have not",
      ["--data", "{ name: moons, sample: 9 }"],
      2,
      /--data \{ name: moons, sample: 9 \}: sample: there is no key "sample"; did you mean "samples"\?/,
    ],
    ["shipped data as a file", ["iris"], 2, /there is no file iris; .* give --data iris/],
    ["a name that is no data set", ["--data", "irsi"], 2, /there is no data set "irsi"; did you mean iris\?/],
    ["an empty folder", ["--data", scratch()], 3, /got neither/],
    ["a label column of pictures", [both(), "--label", "class"], 2, /--label says how a CSV file is read/],
  ] as const)("refuses %s", async (_, args, status, message) => {
    const outcome = await flatwardHere("compare", ...args);
    expect([outcome.status, outcome.stdout]).toEqual([status, ""]);
    expect(outcome.stderr).toMatch(message);
  });
});
