import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exactHessian, multilayerNet, symmetricEigen, threeLayerNet } from "flatward";
import { describe, expect, it } from "vitest";
import type { SpectrumDocument } from "../../../src/studies/spectrum/page/document.js";
import { flatward, flatwardHere, scratch } from "../../support/run.js";

const quick = ["--samples", "12", "--probes", "3", "--lanczos-steps", "12"];
const training = ["--hidden", "3", "--steps", "20"];

function documentIn(folder: string): SpectrumDocument {
  return JSON.parse(readFileSync(join(folder, "spectrum.json"), "utf8"));
}

describe("flatward spectrum", () => {
  const folder = scratch();
  const exported = join(folder, "problem.json");
  const first = flatward(
    "spectrum",
    ...training,
    ...quick,
    "--full",
    "--output",
    folder,
    "--export-problem",
    exported,
  );

  it("prints tables, and writes JSON and a page that needs nothing else", () => {
    expect(first.status).toBe(0);
    for (const text of [
      "λ_max",
      "stable rank",
      "Hutch++",
      "Gershgorin",
      "2 tr GR",
      "layer2",
      "SHA-256",
      "gradient-descent, 20 steps, seed 1",
    ])
      expect(first.stdout).toContain(text);
    expect(readdirSync(folder).sort()).toEqual([
      "cells",
      "manifest.json",
      "problem.json",
      "spectrum.html",
      "spectrum.json",
    ]);
    const page = readFileSync(join(folder, "spectrum.html"), "utf8");
    expect(page.match(/<figure/g)).toHaveLength(4);
    expect(page).toContain('href="data:image/png;base64,');
    expect(page.replaceAll(/data:[^"]*/g, "")).not.toMatch(
      /<script|<link|@import|src=|url\(|http:\/\/(?!www\.w3)/,
    );
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/);
    expect(first.stdout).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it("hands the problem over to other programs", () => {
    const { network, theta, x, y, expected } = JSON.parse(readFileSync(exported, "utf8"));
    const net = threeLayerNet(network);
    const { values } = symmetricEigen(
      exactHessian(net, Float64Array.from(theta), { x, y: Int32Array.from(y) }),
    );
    expect(expected.largest).toEqual(Array.from(values.slice(-5)).reverse());
    expect(expected.smallest).toEqual(Array.from(values.slice(0, 5)));
  });

  it("hands over networks of several layers too, into a folder that is made", () => {
    const output = scratch();
    const path = join(output, "for", "others", "problem.json");
    const deep = ["--hidden", "3,2", "--activation", "tanh,gelu", "--steps", "5", ...quick];
    const { status, stdout } = flatward("spectrum", ...deep, "--output", output, "--export-problem", path);
    expect(status).toBe(0);
    expect(stdout).toContain("4 → 3 tanh → 2 gelu → 3");
    const { network, theta, x, y, expected } = JSON.parse(readFileSync(path, "utf8"));
    const net = multilayerNet(network);
    const { values } = symmetricEigen(
      exactHessian(net, Float64Array.from(theta), { x, y: Int32Array.from(y) }),
    );
    expect(expected.largest).toEqual(Array.from(values.slice(-5)).reverse());
    const { blocks, dense, lambdaMax } = documentIn(output).result;
    expect(blocks?.map(({ name }) => name)).toEqual(
      [1, 2, 3].flatMap((l) => [`W${l}`, `b${l}`, `layer${l}`]),
    );
    const layers = blocks?.filter(({ name }) => name.startsWith("layer")) ?? [];
    const trace = values.reduce((sum, value) => sum + value, 0);
    expect(layers.reduce((sum, block) => sum + block.trace, 0)).toBeCloseTo(trace, 10);
    expect(dense?.eigenvalues).toHaveLength(net.size);
    expect(lambdaMax).toBe(values.at(-1));
  });

  it("repeats the same bits from the training on record, alone on stdout with --json", () => {
    const again = flatward("spectrum", "--run", folder, ...quick, "--json");
    expect(again.status).toBe(0);
    const document: SpectrumDocument = JSON.parse(again.stdout);
    expect(document.sha256).toBe(documentIn(folder).sha256);
    expect(document.result).toEqual(documentIn(folder).result);
    const beside = join(folder, "spectrum", document.training.cell.slice(0, 12), "spectrum.json");
    expect(again.stdout).toBe(readFileSync(beside, "utf8"));
  });

  it("trains with one method and its own hyperparameters, or not at all", () => {
    const output = scratch();
    const chosen = ["--method", "hsr", "--strength", "0.3", "--learning-rate", "0.1", "--train-seed", "4"];
    const { status } = flatward("spectrum", ...training, ...quick, ...chosen, "--output", output);
    expect(status).toBe(0);
    const { config, sha256 } = documentIn(output);
    expect(config).toMatchObject({
      seed: 4,
      method: { name: "hsr", strength: 0.3, learningRate: 0.1, momentum: 0 },
    });
    expect(sha256).not.toBe(documentIn(folder).sha256);

    const untrained = scratch();
    flatward(
      "spectrum",
      "--hidden",
      "3",
      "--steps",
      "0",
      "--dense-limit",
      "10",
      ...quick,
      "--output",
      untrained,
    );
    const { training: trained, result } = documentIn(untrained);
    expect(trained.steps).toBe(0);
    expect(result.dense).toBeUndefined();
    expect(result.point.kind).toBe("slope");
  });
});

describe("flatward spectrum --method", () => {
  it.each([
    ["adamw", [], { learningRate: 0.01, weightDecay: 0.1 }],
    ["heavy-ball", ["--learning-rate", "0.2"], { learningRate: 0.2, momentum: 0.7 }],
    ["noise", ["--momentum", "0.5"], { learningRate: 0.3, momentum: 0.5, deviation: 0.1 }],
    ["hsr-direction", [], { learningRate: 0.3, momentum: 0, strength: 0.5 }],
  ])("%s trains as it is usual, but for what the options say", (name, options, settings) => {
    const output = scratch();
    const untrained = ["--hidden", "2", "--steps", "0", ...quick, "--output", output];
    flatward("spectrum", "--method", name, ...options, ...untrained);
    expect(documentIn(output).config.method).toEqual({ name, ...settings });
  });
});

describe("flatward spectrum --run", () => {
  const place = scratch();
  const data = join(place, "own.csv");
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i % 2 ? "left" : "right"},${Math.sin(i)},${Math.cos(3 * i)}`,
  );
  writeFileSync(data, `side,u,v\n${rows.join("\n")}\n`);
  const plan = (name: string, measures: string[]): string => {
    const path = join(place, `${name}.json`);
    const description = {
      data: { name: "csv", path: "own.csv", label: "side" },
      network: { hidden: 2 },
      methods: [{ name: "gradient-descent", learningRate: [0.1, 0.3] }],
      training: { steps: 5 },
      seeds: [1],
      measures,
    };
    writeFileSync(path, JSON.stringify(description));
    const folder = join(place, name);
    expect(flatward("sweep", path, "--output", folder).status).toBe(0);
    return folder;
  };
  const kept = plan("kept", ["trainLoss", "theta"]);

  it("takes a cell by position or identity", () => {
    const [one, two] = [kept, join(place, "by-name")];
    expect(flatward("spectrum", "--run", kept, "--index", "1", ...quick, "--output", one).status).toBe(0);
    const { training: trained, config, result, sha256 } = documentIn(one);
    expect(config.method).toMatchObject({ learningRate: 0.3 });
    const record = JSON.parse(readFileSync(join(kept, "cells", `${trained.cell}.json`), "utf8"));
    expect(result.point.fit.trainLoss).toBe(record.result.measures.trainLoss);
    const named = ["--cell", trained.cell.slice(0, 8), "--output", two];
    expect(flatward("spectrum", "--run", kept, ...named, ...quick).status).toBe(0);
    expect(documentIn(two).sha256).toBe(sha256);
  });

  it("refuses what it cannot bring back, and says what to do", () => {
    const spare = plan("spare", ["trainLoss"]);
    const without = flatward("spectrum", "--run", spare, "--index", "0");
    expect(without.stderr).toMatch(/kept no theta; .*measures: \[theta, …\]/);
    expect(without.status).toBe(2);

    const which = flatward("spectrum", "--run", kept);
    expect(which.stderr).toMatch(/either --index or --cell/);
    expect(which.status).toBe(2);

    const manifest = JSON.parse(readFileSync(join(kept, "manifest.json"), "utf8"));
    const path = join(kept, "cells", `${manifest.cells[0].id}.json`);
    writeFileSync(path, readFileSync(path, "utf8").replace('"steps": 5', '"steps": 6'));
    const torn = flatward("spectrum", "--run", kept, "--index", "0");
    expect(torn.stderr).toMatch(/is not done; run it with: flatward run --of .* --index 0/);
    expect(torn.status).toBe(2);

    writeFileSync(data, `${readFileSync(data, "utf8")}left,0,0\n`);
    const changed = flatward("spectrum", "--run", kept, "--index", "1");
    expect(changed.stderr).toMatch(/own\.csv has changed since the sweep was planned/);
    expect(changed.status).toBe(3);
  });
});

describe("flatward spectrum refuses", () => {
  const cases: readonly [name: string, args: string[], status: number, message: RegExp][] = [
    [
      "a hyperparameter of another method",
      ["--radius", "0.1"],
      2,
      /gradient-descent has no --radius; it has --learning-rate/,
    ],
    ["an unknown method", ["--method", "adamm"], 2, /Allowed choices/],
    [
      "a hyperparameter that noise has not",
      ["--method", "noise", "--strength", "1"],
      2,
      /noise has no --strength; it has --learning-rate, --momentum$/m,
    ],
    [
      "--index without --run",
      ["--index", "1"],
      2,
      /--index names a cell of a sweep: give its folder with --run/,
    ],
    ["to train what is trained", ["--run", "results", "--hidden", "3"], 2, /leave --hidden out/],
    ["new data for what is trained", ["own.csv", "--run", "results"], 2, /leave own\.csv out/],
    ["a folder without a sweep", ["--run", "nowhere"], 4, /nowhere holds no sweep/],
    [
      "a file without a name",
      ["--export-problem", ""],
      2,
      /--export-problem expects the path of a file, got ""/,
    ],
    ["a folder for a file", ["--export-problem", "lab"], 2, /the path of a file, got the folder lab/],
    ["texts that are none", ["own.csv", "--missing", ""], 2, /expected texts that stand for gaps, .*got ""/],
    ["one probe", ["--probes", "1"], 2, /whole number ≥ 2/],
    ["relu", ["--activation", "relu"], 2, /relu.*three derivatives/],
  ];

  it.each(cases)(
    "%s, with a sentence, an exit code, and nothing written",
    async (_, args, status, message) => {
      const output = join(scratch(), "out");
      const outcome = await flatwardHere("spectrum", ...args, "--output", output);
      expect(outcome.stderr).toMatch(message);
      expect(outcome.status).toBe(status);
      expect(outcome.stdout).toBe("");
      expect(existsSync(output)).toBe(false);
    },
  );
});
