import { describe, expect, it } from "vitest";
import { parseDescription } from "../../src/sweep/description.js";
import { manifestOf } from "../../src/sweep/manifest.js";
import { csv, identities, manifest, withCsv } from "../support/manifests.js";
import { canonicalHash, type PlanContent, tiny } from "../support/sweeps.js";

describe("a cell's identity", () => {
  const base = identities(tiny);

  it("is a hash of the engine, the data's bytes and label, and all settings", () => {
    const { cells, data } = manifest(tiny);
    for (const { id, data: index, config } of cells) {
      const { sha256, label } = data[index];
      const content = { engine: "test-engine", data: { sha256, label }, config };
      expect(id).toBe(canonicalHash(content).slice(0, 24));
    }
  });

  it("is the same from JSON and from YAML", () => {
    const text = `
# The same as tiny, in YAML.
seeds: { first: 1, count: 2 }
measures: [theta, lambdaMax, trainLoss]
training:
  steps: 12
methods:
  - learningRate: 0.1
    name: gradient-descent
  - { strength: 1e-2, name: hsr, learningRate: .1, momentum: 0 }
network: { bias: true, hidden: 2, activation: tanh }
data: iris
`;
    const description = parseDescription(text, "plan.yaml");
    const plan = { description, name: "another", folder: "/nowhere" };
    expect(manifestOf(plan, "test-engine").cells.map(({ id }) => id)).toEqual(base);
  });

  it("does not depend on the order of keys, nor on what is a default, nor on the plan's name or place", () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, part]) => [key, reversed(part)]),
            )
          : value;
    expect(identities(reversed(tiny) as PlanContent)).toEqual(base);
    expect(identities({ ...tiny, name: "other", data: { name: "iris" } })).toEqual(base);
    expect(identities({ ...tiny, data: { name: "iris", label: "species" } })).toEqual(base);
  });

  it("does not depend on where the data lie, nor on what the file is called", () => {
    const { folder, plan } = withCsv();
    const moved = withCsv("deep/below/renamed.csv");
    expect(identities(moved.plan, { folder: moved.folder })).toEqual(identities(plan, { folder }));
  });

  it("does not depend on the other cells of the plan", () => {
    expect(identities({ ...tiny, seeds: [3, 2, 1] }).slice(-2)).toEqual(base.slice(0, 2));
    expect(identities({ ...tiny, network: { hidden: [5, 2] } })).toEqual(expect.arrayContaining(base));
  });

  it("changes with one byte of the data, and with the label", () => {
    const { folder, plan } = withCsv();
    const all = [
      ...identities(plan, { folder }),
      ...identities({ ...plan, data: { name: "csv", path: "own.csv", label: "kind" } }, { folder }),
    ];
    const changed = withCsv("own.csv", csv.replace("u,v", "w,v"));
    all.push(...identities(changed.plan, { folder: changed.folder }));
    expect(new Set(all).size).toBe(12);
  });

  it("changes with the engine", () => {
    expect(base.filter((id) => identities(tiny, { by: "test-engine-2" }).includes(id))).toEqual([]);
  });

  const [gd, hsr] = tiny.methods as Record<string, unknown>[];
  const changes: readonly [what: string, change: PlanContent][] = [
    ["hidden units", { network: { hidden: 3 } }],
    ["activation", { network: { hidden: 2, activation: "sin" } }],
    ["loss", { network: { hidden: 2, loss: "poisson" } }],
    ["biases", { network: { hidden: 2, bias: false } }],
    ["steps", { training: { steps: 13 } }],
    ["batch size", { training: { steps: 12, batchSize: 16 } }],
    ["test part", { training: { steps: 12, testFraction: 0.3 } }],
    [
      "learning rate",
      {
        methods: [
          { ...gd, learningRate: 0.2 },
          { ...hsr, learningRate: 0.2 },
        ],
      },
    ],
    [
      "momentum",
      {
        methods: [
          { ...gd, momentum: 0.5 },
          { ...hsr, momentum: 0.5 },
        ],
      },
    ],
    ["strength", { methods: [{ ...hsr, strength: 0.02 }] }],
    ["strength by one bit", { methods: [{ ...hsr, strength: 0.010000000000000002 }] }],
    ["method", { methods: [{ name: "weight-decay", learningRate: 0.1, weightDecay: 0 }] }],
    ["seed", { seeds: [3, 4] }],
    ["measures", { measures: ["trainLoss", "lambdaMax"] }],
  ];

  it.each(changes)("changes with the %s", (_, change) => {
    expect(identities({ ...tiny, ...change }).filter((id) => base.includes(id))).toEqual([]);
  });
});
