import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { manifest } from "../../support/manifests.js";
import { flatward, flatwardHere, type Outcome, scratch } from "../../support/run.js";
import { type PlanContent, tiny, writePlan } from "../../support/sweeps.js";

const sequential = (...layers: object[]) => ({ network: { kind: "sequential", layers } });
const gradientDescent = [{ name: "gradient-descent", learningRate: 0.1 }];
const blobs = (settings: object) => ({
  data: { name: "blobs", samples: 100, features: 2, classes: 2, ...settings },
});
const most = "at most 2³⁰ are allowed, 8 GiB";

describe("what is beyond memory is refused by its sizes alone", () => {
  const cases: readonly [what: string, content: PlanContent, message: string][] = [
    [
      "samples and features",
      blobs({ samples: 10_000_000, features: 100_000 }),
      `10000000 samples of 100000 features are 1,000,000,000,000 numbers, which take 7,450 GiB; ${most}: give fewer`,
    ],
    [
      "samples and classes",
      blobs({ samples: 10_000_000, classes: 5_000_000 }),
      "5000000 outputs for each of 10000000",
    ],
    ["hidden units", { network: { hidden: 1_000_000_000 } }, `its parameters are 8,000,000,000 numbers`],
    [
      "more hidden units than can be counted",
      { network: { hidden: Number.MAX_SAFE_INTEGER } },
      "its parameters are 72,1",
    ],
    [
      "samples and hidden units",
      { network: { hidden: 100_000_000 } },
      "the network of 100000000 hidden units: 100000000 hidden units for each of 150 samples",
    ],
    [
      "closed forms of a measure",
      { network: { hidden: 30_000 }, methods: gradientDescent, measures: ["wsBound"] },
      "the curvature factors of two samples with 30000 hidden units are 1,800,000,000 numbers",
    ],
    [
      "closed forms of a method",
      { network: { hidden: 15_000 }, measures: ["trainLoss"] },
      "the curvature factors of two samples with 15000 hidden units are 1,350,000,000 numbers",
    ],
    [
      // X within the hidden layers and between them, (4 + 1 + 2)·10⁸, and E between them, 2·10⁸.
      "closed forms of several layers",
      { network: { hidden: [[20_000, 10_000]] }, methods: gradientDescent, measures: ["wsBound"] },
      "the curvature factors of two samples with 30000 hidden units are 1,800,000,000 numbers",
    ],
    [
      "activations of one sample",
      {
        data: "digits",
        methods: gradientDescent,
        ...sequential(
          { kind: "conv2d", channels: 10_000_000, kernel: 1 },
          { kind: "averagePool2d", size: 8 },
          { kind: "flatten" },
          { kind: "dense" },
        ),
      },
      "the activations of one sample are 1,300,000,000 numbers",
    ],
    [
      "activations that are normalized together",
      {
        methods: gradientDescent,
        ...sequential(
          { kind: "dense", outputs: 2_000_000 },
          { kind: "batchNorm" },
          { kind: "tanh" },
          { kind: "dense" },
        ),
      },
      "the activations of 111 samples that are normalized together",
    ],
  ];
  it.each(cases)("%s", (_, content, message) => {
    const plan = () => manifest({ ...tiny, ...content });
    expect(plan).toThrow(message);
    expect(plan).toThrow(expect.objectContaining({ name: "LabError", code: "usage", exitCode: 2 }));
  });

  it("what closed forms compute anew for a few samples at a time is taken, however many there are", () => {
    const measured = { network: { hidden: 15_000 }, methods: gradientDescent, measures: ["wsBound"] };
    expect(manifest({ ...tiny, ...measured, seeds: [1] }).cells).toHaveLength(1);
    const trained = { network: { hidden: 10_000 }, measures: ["trainLoss"] };
    expect(manifest({ ...tiny, ...trained, seeds: [1] }).cells).toHaveLength(2);
  });

  it("what this machine has not the memory for ends with a sentence and code 2", async () => {
    const Actual = Float64Array;
    class Limited extends Actual {
      constructor(size: number) {
        if (size > 1000) throw new RangeError("Array buffer allocation failed");
        super(size);
      }
    }
    vi.stubGlobal("Float64Array", Limited);
    try {
      const plan = writePlan(scratch(), { ...tiny, ...blobs({ samples: 1001 }) });
      const { status, stderr } = await flatwardHere("sweep", plan, "--dry-run");
      expect(stderr).toMatch(/^flatward: this machine has not the memory that this takes; give fewer .*\n$/);
      expect(status).toBe(2);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  const output = join(scratch(), "out");
  const plan = writePlan(scratch(), { ...tiny, network: { hidden: 1_000_000_000 } });
  const expectRefusal = ({ status, stderr }: Outcome): void => {
    expect([status, stderr]).toEqual([2, expect.not.stringMatching(/defect|\n\s+at /)]);
    expect(existsSync(join(output, "results.json"))).toBe(false);
  };
  it.each([
    ["sweep, run dry", ["sweep", plan, "--dry-run"]],
    ["compare", ["compare", "--hidden", "1000000000"]],
    ["spectrum", ["spectrum", "--hidden", "1000000000"]],
    ["slice", ["slice", "--hidden", "1000000000"]],
    ["the options of slice", ["slice", "--points", "100000"]],
    ["verify", ["verify", "--hidden", "1000000000", "lab/data/iris.csv"]],
    ["the options of verify", ["verify", "--cases", "1000000000"]],
  ])("by %s, with exit code 2", async (_, [command, ...options]) => {
    const place = command === "verify" ? [] : ["--output", output];
    expectRefusal(await flatwardHere(command, ...options, ...place));
  });

  it("by the options of spectrum, which trains first", () => {
    expectRefusal(flatward("spectrum", "--steps", "0", "--probes", "1000000000", "--output", output));
  });
});
