import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { DenseConfig } from "../../src/experiment/network/config.js";
import { readPlan } from "../../src/sweep/description.js";
import { manifestOf } from "../../src/sweep/manifest.js";
import { manifest } from "../support/manifests.js";
import { flatward } from "../support/run.js";
import { tiny } from "../support/sweeps.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

describe("the schema", () => {
  it("that is committed is the one that flatward prints", () => {
    const { status, stdout } = flatward("schema");
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(join(root, "lab/schema/plan.schema.json"), "utf8"));
    expect(JSON.parse(stdout)).toMatchObject({ type: "object", additionalProperties: false });
  });
});

describe("a plan expands", () => {
  it("to every combination once, seeds slowest, the last list of a grid fastest, methods as listed", () => {
    const { cells, data } = manifest({
      data: ["iris", "digits"],
      network: { hidden: [2, 3], activation: ["tanh", "sin"] },
      methods: [
        { name: "gradient-descent", learningRate: 0.1 },
        { name: "hsr", learningRate: [0.1, 0.2], strength: [0.3, 0.4] },
      ],
      training: { steps: [5, 6] },
      seeds: { first: 7, count: 2 },
    });
    const expected: unknown[] = [];
    for (const seed of [7, 8])
      for (const source of ["iris", "digits"])
        for (const [hidden, activation] of [
          [2, "tanh"],
          [2, "sin"],
          [3, "tanh"],
          [3, "sin"],
        ])
          for (const steps of [5, 6])
            for (const [rate, strength] of [
              [0.1, undefined],
              [0.1, 0.3],
              [0.1, 0.4],
              [0.2, 0.3],
              [0.2, 0.4],
            ])
              expected.push([seed, source, hidden, activation, steps, rate, strength]);
    expect(
      cells.map(({ data: index, config: { seed, network, method, training } }) => [
        seed,
        data[index].name,
        (network as DenseConfig).hidden,
        (network as DenseConfig).activation,
        training.steps,
        (method as { learningRate?: number }).learningRate,
        (method as { strength?: number }).strength,
      ]),
    ).toEqual(expected);
    expect(cells).toHaveLength(2 * 2 * 4 * 2 * 5);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  });

  it("with every default filled in", () => {
    const [{ config }] = manifest({ ...tiny, measures: undefined }).cells;
    expect(config).toMatchObject({
      network: { hidden: 2, activation: "tanh", loss: "softmax-cross-entropy", bias: true },
      method: { name: "gradient-descent", learningRate: 0.1, momentum: 0 },
      training: { steps: 12, batchSize: "full", testFraction: 0.25 },
    });
    for (const measure of ["testAccuracy", "lambdaMax", "eigenvalues", "curve", "theta"])
      expect(config.measures).toContain(measure);
  });

  it("the shipped example to its 40 cells", () => {
    expect(manifestOf(readPlan(join(root, "examples/plans/iris.yaml")), "test-engine").cells).toHaveLength(
      40,
    );
  });
});
