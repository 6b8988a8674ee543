import { copyFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withCsv } from "../support/manifests.js";
import { flatwardHere, scratch } from "../support/run.js";
import { tiny, writePlan } from "../support/sweeps.js";

/** Expects a refusal: its message, and that nothing was written or printed. */
async function refuses(
  text: string,
  messages: readonly RegExp[],
  { status = 2, name = "plan.yaml" } = {},
): Promise<void> {
  const folder = scratch();
  const path = join(folder, name);
  writeFileSync(path, text);
  const outcome = await flatwardHere("sweep", path, "--output", join(folder, "out"));
  for (const message of messages) expect(outcome.stderr).toMatch(message);
  expect(outcome.status).toBe(status);
  expect(outcome.stdout).toBe("");
  expect(outcome.stderr).not.toMatch(/\n\s+at |defect/);
  expect(readdirSync(folder)).toEqual([name]);
}

const right = {
  data: "data: iris",
  network: "network: { hidden: 2 }",
  methods: "methods: [{ name: gradient-descent, learningRate: 0.1 }]",
  training: "training: { steps: 5 }",
  seeds: "seeds: [1]",
};

/** A plan that is right but for some of its lines; line 1 is data, 2 network, 3 methods, 4 training, 5 seeds. */
function yaml(wrong: Partial<Record<keyof typeof right, string>> & { measures?: string }): string {
  return `${Object.values({ ...right, ...wrong }).join("\n")}\n`;
}

const method = (settings: string) => `methods: [{ name: gradient-descent, learningRate: 0.1 }, ${settings}]`;

describe("a wrong plan is refused, nothing written, and its message says where, and what may have been meant", () => {
  const cases: readonly [what: string, text: string, ...messages: RegExp[]][] = [
    [
      "an unknown key at the top",
      yaml({ measures: "mesures: [trainLoss]" }),
      /plan\.yaml \(line 6\): mesures: .*did you mean "measures"/,
    ],
    [
      "an unknown key of the data",
      yaml({ data: "data: { name: iris, lable: species }" }),
      /\(line 1\): data\.lable: .*did you mean "label"/,
    ],
    [
      "an unknown key of one of several data",
      yaml({ data: "data: [digits, { name: iris, lable: species }]" }),
      /\(line 1\): data\[1\]\.lable: .*did you mean "label"/,
    ],
    [
      "an unknown key of the network",
      yaml({ network: "network: { hidden: 2, activaton: tanh }" }),
      /\(line 2\): network\.activaton: .*did you mean "activation"/,
    ],
    [
      "an unknown key of a method",
      yaml({ methods: method("{ name: hsr, learningRate: 0.1, strength: 1, strenght: 0.1 }") }),
      /\(line 3\): methods\[1\]\.strenght: .*did you mean "strength"/,
    ],
    [
      "an unknown key of the training",
      yaml({ training: "training: { steps: 5, batchsize: 3 }" }),
      /\(line 4\): training\.batchsize: .*did you mean "batchSize"/,
    ],
    [
      "an unknown key of the seeds",
      yaml({ seeds: "seeds: { first: 1, cuont: 3, count: 3 }" }),
      /\(line 5\): seeds\.cuont: .*did you mean "count"/,
    ],
    [
      "a number in words",
      yaml({ training: "training: { steps: many }" }),
      /\(line 4\): training\.steps: expected number, received string/,
    ],
    [
      "a word among numbers",
      yaml({ network: "network: { hidden: [2, two] }" }),
      /\(line 2\): network\.hidden\[1\]: expected number/,
    ],
    [
      "half a unit",
      yaml({ network: "network: { hidden: 2.5 }" }),
      /\(line 2\): network\.hidden: expected int/,
    ],
    [
      "methods that are no list",
      yaml({ methods: "methods: { name: gradient-descent, learningRate: 0.1 }" }),
      /\(line 3\): methods: expected array/,
    ],
    [
      "a method that is a number",
      yaml({ methods: method("7") }),
      /\(line 3\): methods\[1\]: expected a name, or expected object/,
    ],
    ["seeds that are one number", yaml({ seeds: "seeds: 3" }), /\(line 5\): seeds: expected/],
    ["a seed below zero", yaml({ seeds: "seeds: [-1]" }), /\(line 5\): seeds\[0\]: .*>=0/],
    ["an empty list of data", yaml({ data: "data: []" }), /\(line 1\): data: the list is empty/],
    [
      "an empty axis of the network",
      yaml({ network: "network: { hidden: [] }" }),
      /\(line 2\): network\.hidden: the list is empty/,
    ],
    ["no method", yaml({ methods: "methods: []" }), /\(line 3\): methods: the list is empty/],
    [
      "an empty axis of a method",
      yaml({ methods: method("{ name: hsr, learningRate: 0.1, strength: [] }") }),
      /\(line 3\): methods\[1\]\.strength: the list is empty/,
    ],
    [
      "an estimator that there is not",
      yaml({ methods: method("{ name: hsr, learningRate: 0.1, strength: 0.1, estimator: fair }") }),
      /\(line 3\): methods\[1\]\.estimator: there is no estimator "fair"/,
    ],
    [
      "samples of estimates",
      yaml({ methods: method("{ name: hsr, learningRate: 0.1, strength: 0.1, samples: 4, vectors: 4 }") }),
      /methods: hsr has samples in closed form alone, and vectors are of estimates; leave one out/,
    ],
    [
      "mini-batches of one sample, whose pairs are compared",
      yaml({
        methods: method("{ name: hsr, learningRate: 0.1, strength: 0.1, estimator: unbiased }"),
        training: "training: { steps: 5, batchSize: 10 }",
      }),
      /training\.batchSize: with estimator unbiased hsr compares.* of 111 training samples one would be alone/,
    ],
    ["no seed", yaml({ seeds: "seeds: []" }), /\(line 5\): seeds: the list is empty/],
    ["no measure", yaml({ measures: "measures: []" }), /\(line 6\): measures: the list is empty/],
    [
      "a repeated value",
      yaml({ methods: method("{ name: hsr, learningRate: 0.1, strength: [0.1, 0.3, 0.1] }") }),
      /\(line 3\): methods\[1\]\.strength\[2\]: 0\.1 is given twice/,
    ],
    ["a repeated seed", yaml({ seeds: "seeds: [1, 2, 1]" }), /\(line 5\): seeds\[2\]: seed 1 is given twice/],
    [
      "a repeated measure",
      yaml({ measures: "measures: [trainLoss, trainLoss]" }),
      /\(line 6\): measures\[1\]: measure "trainLoss" is given twice/,
    ],
    [
      "a repeated method",
      yaml({ methods: method("{ name: gradient-descent, learningRate: 0.1 }") }),
      /methods\[1\]: the method .*gradient-descent.* is given twice/,
    ],
    [
      "an unknown method",
      yaml({ methods: method("{ name: hrs, learningRate: 0.1 }") }),
      /\(line 3\): methods\[1\]\.name: there is no method "hrs"; did you mean "hsr"/,
    ],
    [
      "a method without a name",
      yaml({ methods: method("{ learningRate: 0.1 }") }),
      /methods\[1\]\.name: it needs a name: one of gradient-descent, .*weight-decay, sam, .*hsr/,
    ],
    [
      "an unknown measure",
      yaml({ measures: "measures: [trainLoss, lambdaMaks]" }),
      /\(line 6\): measures\[1\]: .*did you mean "lambdaMax"/,
    ],
    ["unknown data", yaml({ data: "data: irs" }), /\(line 1\): data: .*"irs"; did you mean "iris"/],
    [
      "unknown data among others",
      yaml({ data: "data: [iris, { name: digts }]" }),
      /\(line 1\): data\[1\]\.name: .*did you mean "digits"/,
    ],
    [
      "an unknown activation",
      yaml({ network: "network: { hidden: 2, activation: [tanh, softpuls] }" }),
      /\(line 2\): network\.activation\[1\]: .*did you mean "softplus"/,
    ],
    [
      "relu",
      yaml({ network: "network: { hidden: 2, activation: relu }" }),
      /\(line 2\): network\.activation: relu has no three derivatives/,
    ],
    [
      "a number beyond all bounds",
      yaml({ methods: "methods: [{ name: gradient-descent, learningRate: .inf }]" }),
      /\(line 3\): methods\[0\]\.learningRate: .*Infinity/,
    ],
    [
      "a number that overflows",
      yaml({ methods: "methods: [{ name: gradient-descent, learningRate: 1e400 }]" }),
      /\(line 3\): methods\[0\]\.learningRate: .*Infinity/,
    ],
    [
      "no number",
      yaml({ methods: "methods: [{ name: gradient-descent, learningRate: .nan }]" }),
      /\(line 3\): methods\[0\]\.learningRate: .*NaN/,
    ],
    [
      "10⁹ cells in one axis",
      yaml({ seeds: "seeds: { count: 1000000000 }" }),
      /seeds: the grid has 1,000,000,000 cells.*at most 100,000.*seeds has 1,000,000,000 values/,
    ],
    [
      "10⁹ cells of several axes",
      yaml({
        network: "network: { hidden: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }",
        methods:
          "methods: [{ name: gradient-descent, learningRate: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], momentum: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] }]",
        training:
          "training: { steps: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], testFraction: [0.1, 0.2, 0.3, 0.4, 0.5] }",
        seeds: "seeds: { count: 20000 }",
      }),
      /seeds: the grid has 1,000,000,000 cells.*seeds has 20,000 values/,
    ],
    [
      "YAML that breaks off",
      yaml({ methods: "methods: [{ name: gradient-descent" }),
      /plan\.yaml: .*at line \d+/,
    ],
    [
      "a key that comes twice",
      yaml({ data: "data: iris\ndata: digits" }),
      /plan\.yaml: Map keys must be unique at line 2/,
    ],
    ["an alias of nothing", yaml({ data: "data: *nothing" }), /plan\.yaml.*nothing/],
    [
      "aliases that multiply",
      `${"abcdefgh"
        .split("")
        .map((key, i, keys) => `${key}: &${key} [${Array(10).fill(i ? `*${keys[i - 1]}` : 1)}]`)
        .join("\n")}\n${yaml({})}`,
      /plan\.yaml/,
    ],
    ["an empty file", "", /plan\.yaml: expected object/],
    ["a file of comments", "# nothing yet\n", /plan\.yaml: expected object/],
    ["a list", "[1, 2]\n", /plan\.yaml \(line 1\): expected object, received array/],
    [
      "everything missing",
      "data: iris\n",
      /network: it is missing/,
      /methods: it is missing/,
      /training: it is missing/,
      /seeds: it is missing/,
    ],
  ];

  it.each(cases)("%s", (_, text, ...messages) => refuses(text, messages));

  it("all faults at once, each with its line", async () => {
    await refuses(
      yaml({
        data: "data: irs",
        network: "network: { hidden: many }",
        methods: "methods: [{ name: sam, learningRate: 0.1, radius: 0 }]",
      }),
      [/\(line 1\): data:/, /\(line 2\): network\.hidden:/, /\(line 3\): methods\[0\]\.radius: .*>0/],
    );
  });

  it("in JSON as in YAML, with its lines", async () => {
    const wrong = { ...tiny, network: { hidden: 2, activaton: "tanh" } };
    await refuses(
      JSON.stringify(wrong, null, 1),
      [/plan\.json \(line 5\): network\.activaton: .*did you mean "activation"/],
      { name: "plan.json" },
    );
    await refuses(JSON.stringify(tiny).slice(0, -20), [/plan\.json: .*at line 1/], { name: "plan.json" });
  });

  it("a file that is not there, of the plan or of its data: with exit code 4", async () => {
    const folder = scratch();
    const missing = await flatwardHere(
      "sweep",
      join(folder, "nowhere.yaml"),
      "--output",
      join(folder, "out"),
    );
    expect(missing.stderr).toMatch(/cannot read .*nowhere\.yaml: there is no such file/);
    expect([missing.status, missing.stdout]).toEqual([4, ""]);
    expect(readdirSync(folder)).toEqual([]);
    await refuses(
      yaml({ data: "data: { name: csv, path: nowhere.csv }" }),
      [/cannot read .*nowhere\.csv: there is no such file/],
      { status: 4 },
    );
  });

  it("what would fail later in every cell: with the exit code of data", async () => {
    await refuses(yaml({ data: "data: { name: iris, label: specis }" }), [/did you mean "species"/], {
      status: 3,
    });
    await refuses(
      yaml({ training: "training: { steps: 5, testFraction: 0.001 }" }),
      [/leaves no sample to test on/],
      { status: 3 },
    );
  });

  it("two data sets of the same bytes, in words that name the data", async () => {
    const { folder, plan } = withCsv("one.csv");
    copyFileSync(join(folder, "one.csv"), join(folder, "two.csv"));
    const path = writePlan(folder, { ...plan, data: { name: "csv", path: ["one.csv", "two.csv"] } });
    const { status, stderr } = await flatwardHere("sweep", path, "--output", join(folder, "out"));
    expect(status).toBe(2);
    expect(stderr).toMatch(/two\.csv|same bytes|same data/);
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
});
