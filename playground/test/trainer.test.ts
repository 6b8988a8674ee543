// What the page computes has the bits of the laboratory's own runs, of its command line and of programs: other code than the page's.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exactHessian, spectralMoments, symmetricEigen, threeLayerNet, wsBounds } from "flatward";
import { describe, expect, it } from "vitest";
import { loadSource, type SourceConfig, sourceConfigSchema } from "../../lab/src/data/sources.js";
import { runConfigSchema } from "../../lab/src/experiment/config.js";
import { defaultMethod } from "../../lab/src/experiment/methods.js";
import { hashOfBits } from "../../lab/src/experiment/provenance.js";
import { runTraining } from "../../lab/src/experiment/run.js";
import { parseYaml } from "../../lab/src/sweep/yaml.js";
import { flatward, scratch } from "../../lab/test/support/run.js";
import type { MethodSetting } from "../src/engine/descent.js";
import { loadSamples } from "../src/engine/samples.js";
import { createTrainer } from "../src/engine/trainer.js";
import { codeFor } from "../src/settings/code.js";
import { compareCommand } from "../src/settings/command.js";
import { type DataName, dataNames, dataSets } from "../src/settings/data-sets.js";
import { methodNames, methods } from "../src/settings/methods.js";
import { defaults, LEARNING_RATE, type Settings } from "../src/settings/settings.js";

const short: Settings = { ...defaults, hidden: 4, steps: 40, seed: 3 };

function trained(settings: Settings, method: MethodSetting = settings) {
  const trainer = createTrainer({ settings, method });
  return { trainer, end: trainer.train(settings.steps) };
}

/** A source as the command line reads it. */
function sourceOf(data: DataName): SourceConfig {
  const { source } = dataSets[data];
  return sourceConfigSchema.parse(
    source.startsWith("{") ? parseYaml(source, data).content : { name: source },
  );
}

describe("a trainer", () => {
  it.each(["plain", ...methodNames] as const)("trains %s to the bits of the laboratory", (name) => {
    const method = name === "plain" ? "hsr" : name;
    const { strength, usual } = { strength: methods[method].usual, ...methods[method] };
    const settings = { ...short, method, strength };
    const { end } = trained(settings, name === "plain" ? "plain" : settings);
    const { testFraction } = dataSets.moons;
    const of = runConfigSchema.parse({
      network: { hidden: settings.hidden },
      method: {
        ...defaultMethod(name === "plain" ? "gradient-descent" : name),
        ...(name === "hsr" ? { every: 1, samples: "all" } : {}),
        learningRate: LEARNING_RATE,
        ...(name === "plain"
          ? {}
          : { [name === "hsr" ? "strength" : name === "weight-decay" ? "weightDecay" : "radius"]: usual }),
      },
      training: { steps: settings.steps, testFraction, labelNoise: settings.wrong },
      seed: settings.seed,
      measures: ["trainLoss", "lambdaMax", "wsBound", "testAccuracy"],
    });
    const there = runTraining(loadSource(sourceOf("moons")), of, {
      hashOfBits,
      afterStep: () => "go on",
      onCheckpoint: () => {},
    })?.result;
    expect(hashOfBits(end.theta)).toBe(there?.thetaSha256);
    const { trainLoss, lambdaMax, wsBound, testAccuracy } = there?.measures ?? {};
    expect([end.loss, end.accuracy]).toEqual([trainLoss, testAccuracy]);
    expect(end.values.at(-1)).toBeCloseTo(lambdaMax, 12);
    expect(end.bound).toBeCloseTo(wsBound, 12);
  });

  it("gives the same whether it stops on the way or not", () => {
    const { end } = trained(short);
    const { trainer } = trained({ ...short, steps: 15 });
    expect(trainer.train(25)).toEqual({ ...end, step: 40 });
  });

  it.each(["iris", "digits", "blobs"] as const)("measures %s as the engine's functions do", (data) => {
    const settings = { ...short, data, steps: 5 };
    const { trainer, end } = trained(settings);
    const { x, y, classes, wrong } = trainer.first.about;
    const net = threeLayerNet({ inputs: x[0].length, hidden: settings.hidden, outputs: classes.length });
    const batch = { x: x.map((row) => [...row]), y: [...y] };
    const { values } = symmetricEigen(exactHessian(net, end.theta, batch));
    end.values.forEach((value, i) => {
      expect(value).toBeCloseTo(values[i], 10);
    });
    expect(end.bound).toBeCloseTo(wsBounds(spectralMoments(net, end.theta, batch)).largest.upper, 10);
    expect(wrong.filter(Boolean)).toHaveLength(Math.round(settings.wrong * y.length));

    const { length } = end.values;
    const vector = trainer.eigenvector(end.theta, length - 1);
    const { data: h } = exactHessian(net, end.theta, batch);
    vector.forEach((entry, i) => {
      const product = vector.reduce((sum, other, j) => sum + h[i * length + j] * other, 0);
      expect(product).toBeCloseTo(values[length - 1] * entry, 9);
    });
  });

  it("shows probabilities, and losses that its steps have", () => {
    const { trainer, end } = trained(short);
    const means = trainer.regions(end.theta);
    for (let i = 0; i < means.length; i += 2) expect(means[i] + means[i + 1]).toBeCloseTo(1, 5);
    const axes = [new Float64Array(end.theta.length).fill(1), new Float64Array(end.theta.length)] as const;
    const [there, far] = trainer.losses({ origin: end.theta, axes, columns: [0, 1e308], rows: [0] });
    expect([there, far]).toEqual([end.loss, Number.POSITIVE_INFINITY]);
  });
});

describe("what is shared", () => {
  it.each(dataNames.filter((name) => name !== "csv" && name !== "digits"))(
    "names the same %s to the command",
    (data) => {
      const { x, y } = loadSamples(data);
      const there = loadSource(sourceOf(data));
      expect([x, y]).toEqual([there.x, there.y]);
    },
  );

  it("as a command trains the same", () => {
    const output = scratch();
    const command = compareCommand(short);
    const words = execFileSync("sh", ["-c", `for word in ${command}; do echo "$word"; done`], {
      encoding: "utf8",
    });
    const { status, stderr } = flatward(...words.trim().split("\n").slice(1), "--output", output);
    expect(status, stderr).toBe(0);
    const hashes = readdirSync(join(output, "cells")).map(
      (name) => JSON.parse(readFileSync(join(output, "cells", name), "utf8")).result.thetaSha256,
    );
    const ends = [trained(short, "plain"), trained(short)].map(({ end }) => hashOfBits(end.theta));
    expect(hashes.sort()).toEqual(ends.sort());
  });

  it.each(methodNames)("as code with %s runs, and prints the same", async (method) => {
    const settings = { ...short, method, strength: methods[method].usual };
    const { trainer, end } = trained(settings);
    const { about } = trainer.first;
    const code = codeFor(settings, about, about.classes.length);
    const [imports, ...rest] = code.split("\n");
    const names = /\{ (.*) \}/.exec(imports)?.[1].split(", ") ?? [];
    const engine: Record<string, unknown> = await import("flatward");
    const printed: number[] = [];
    const run = new Function("console", ...names, rest.join("\n"));
    run({ log: (value: number) => printed.push(value) }, ...names.map((name) => engine[name]));
    expect(printed).toHaveLength(2);
    expect(printed[1]).toBeCloseTo(end.values.at(-1) as number, 12);
    expect(printed[0]).toBeCloseTo(trained(settings, "plain").end.values.at(-1) as number, 12);
  });

  it("quotes a file name for the shell", () => {
    expect(compareCommand({ ...defaults, data: "csv" }, "it's mine.csv")).toContain(
      `compare 'it'\\''s mine.csv' `,
    );
  });
});
