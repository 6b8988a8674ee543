import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readPlan } from "../../src/sweep/description.js";
import { expand } from "../../src/sweep/expand.js";
import { scratch } from "../support/run.js";
import { tiny } from "../support/sweeps.js";
import { altered } from "./altered.js";
import type { Kind } from "./kind.js";
import { mutated, nasty } from "./mutated.js";

const layered = {
  ...tiny,
  data: { name: "blobs", samples: [100, 200], features: 3, classes: 2 },
  network: [
    { hidden: [2, 4] },
    {
      kind: "sequential",
      layers: [
        { kind: "residual", layers: [{ kind: "dense", outputs: 3 }, { kind: "tanh" }] },
        { kind: "dense" },
      ],
    },
  ],
  training: { epochs: 3, scaling: { mean: 0.5, deviation: 2 } },
  seeds: { first: 3, count: 2 },
};

const yaml = `# A study
data: &data [iris, { name: csv, path: own.csv, label: kind }]
network:
  hidden: [4, 8]
methods:
  - { name: hsr, learningRate: 0.1, strength: 0.01 }
  - gradient-descent
training: { steps: 5 }
seeds: [1, 2]
`;

const good = [JSON.stringify(tiny), JSON.stringify(layered, null, 1), yaml].map((text) => Buffer.from(text));
const signs = [
  ..."[]{},:-?|>&*!%@#'\"\\\n\t ",
  "- ",
  ": ",
  "&a ",
  "*a",
  "<<: *a\n",
  "!!str ",
  "---\n",
  "...\n",
];
const tokens = [...nasty, ...signs, "\\x", "\\0", '"__proto__": 1,', "[[", "{a: ", "1e999", ".nan", "null"];

const soup = fc
  .array(fc.constantFrom(...tokens, "a", "1", "data: iris\n", "  "), { maxLength: 60 })
  .map((parts) => Buffer.from(parts.join("")));
const json = fc
  .oneof(altered(tiny), altered(layered))
  .map((value) => Buffer.from(JSON.stringify(value) ?? ""));

const path = join(scratch(), "plan.yaml");

export const plan: Kind = {
  name: "plans",
  inputs: fc.oneof(
    { weight: 2, arbitrary: mutated(good, tokens) },
    { weight: 2, arbitrary: json },
    { weight: 1, arbitrary: soup },
  ),
  read(bytes) {
    writeFileSync(path, bytes);
    return expand(readPlan(path));
  },
};
