import { expect, it, vi } from "vitest";
import { loadSource } from "../../src/data/sources.js";
import { runConfigSchema } from "../../src/experiment/config.js";
import { measureStepCost } from "../../src/experiment/step-cost.js";
import * as training from "../../src/experiment/train.js";

vi.mock("../../src/experiment/train.js", async (original) => {
  const actual = await original<typeof training>();
  return { ...actual, train: vi.fn(actual.train) };
});

it("a step's time is that of whole cycles, where the bound is held for some steps", () => {
  const every = 700;
  const config = runConfigSchema.parse({
    network: { hidden: 2 },
    method: { name: "hsr", learningRate: 0.1, strength: 0.1, every },
    training: { steps: 1 },
    seed: 1,
    measures: ["trainLoss"],
  });
  expect(measureStepCost(loadSource({ name: "iris" }), config).milliseconds).toBeGreaterThan(0);
  const results = vi.mocked(training.train).mock.results.map(({ value }) => value.steps);
  const held = results.filter((_, i) => i % 2 === 0);
  expect(held.length).toBeGreaterThan(1);
  for (const steps of held) expect(steps % every).toBe(0);
});
