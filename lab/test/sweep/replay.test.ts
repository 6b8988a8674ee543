import { describe, expect, it } from "vitest";
import { loadSource } from "../../src/data/sources.js";
import { networkFor } from "../../src/experiment/network/make.js";
import { prepare } from "../../src/experiment/prepare.js";
import { hashOfBits } from "../../src/experiment/provenance.js";
import { train } from "../../src/experiment/train.js";
import { parseDescription } from "../../src/sweep/description.js";
import { manifestOf } from "../../src/sweep/manifest.js";
import { replayTraining } from "../../src/sweep/replay.js";

describe("A training done once more", () => {
  const description = parseDescription(
    JSON.stringify({
      data: "iris",
      network: { hidden: 3 },
      methods: [{ name: "gradient-descent", learningRate: 0.5 }],
      training: { steps: 120 },
      seeds: [1],
    }),
    "plan.json",
  );
  const [{ config }] = manifestOf({ description, name: "test", folder: "." }, "test-engine").cells;
  const dataset = loadSource({ name: "iris" });
  const net = networkFor(dataset, config.network);
  const batches = prepare(dataset, config.training, config.seed);
  const parts = { train: batches.train, sample: batches.train };
  const end = train(net, parts, config.method as never, config.training, {
    seed: config.seed,
    curve: false,
    sharpness: false,
    afterStep: () => "go on",
    onCheckpoint() {},
  });
  const replay = (snapshots: number) => replayTraining(net, parts, config, snapshots, hashOfBits(end.theta));

  it("has its snapshots evenly along the way, not in steps", () => {
    const every = replay(120);
    expect(every.steps).toEqual(Array.from({ length: 121 }, (_, step) => step));
    const travelled = [0];
    for (let i = 1; i < every.thetas.length; i++)
      travelled.push(
        travelled[i - 1] + Math.hypot(...every.thetas[i].map((value, k) => value - every.thetas[i - 1][k])),
      );
    const whole = travelled[120];
    const longest = Math.max(...travelled.slice(1).map((at, i) => at - travelled[i]));

    const { steps, thetas } = replay(6);
    expect([steps.length, steps[0], steps[6]]).toEqual([7, 0, 120]);
    // No step is nearer to its place by more than the thinning on the way may leave out.
    for (const [k, step] of steps.entries()) {
      expect(Math.abs(travelled[step] - (whole * k) / 6)).toBeLessThan(whole / 24 + longest);
      expect(thetas[k]).toEqual(every.thetas[step]);
    }
    // The way is long where losses are steep: most of it is done in the first steps.
    expect(steps[1]).toBeLessThan(10);
  });
});
