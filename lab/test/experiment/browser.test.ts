import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, it } from "vitest";
import { moons } from "../../src/data/curves.js";
import { hashOfBits } from "../../src/experiment/provenance.js";
import { type RunResult, runTraining } from "../../src/experiment/run.js";
import { config, normalized, onward } from "../support/networks.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const experiments = `${root}lab/src/experiment`;
/** What a run is given of the platform. */
const PLATFORM = "provenance.ts";
const files = readdirSync(experiments, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"));

/** All experiments but what they are given, with generated data and data from text, as one script for a page. */
async function bundled() {
  const entry = [
    ...files.filter((path) => path !== PLATFORM).map((path) => `import "${experiments}/${path}";`),
    `export { runTraining } from "${experiments}/run.ts";`,
    `export { moons } from "${root}lab/src/data/curves.ts";`,
    `export { parseCsv } from "${root}lab/src/data/csv.ts";`,
  ].join("\n");
  const bundle = await rolldown({
    input: "entry",
    platform: "browser",
    treeshake: false,
    logLevel: "silent",
    resolve: {
      alias: { flatward: `${root}src` },
      extensionAlias: { ".js": [".ts", ".js"] },
    },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "entry" ? id : undefined),
        load: (id) => (id === "entry" ? entry : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: "iife", name: "laboratory" });
  await bundle.close();
  return output;
}

describe("experiments", () => {
  let output: Awaited<ReturnType<typeof bundled>>;
  beforeAll(async () => {
    output = await bundled();
  });

  it("know Node in one file, which nothing of them imports", () => {
    const knowing = files.filter((path) => /["']node:/.test(readFileSync(`${experiments}/${path}`, "utf8")));
    expect(knowing).toEqual([PLATFORM]);
    expect(output).toHaveLength(1);
    const [{ imports, dynamicImports, moduleIds }] = output;
    expect([...imports, ...dynamicImports]).toEqual([]);
    expect(moduleIds.filter((id) => id.endsWith(PLATFORM) || /\bfiles\.ts$/.test(id))).toEqual([]);
    expect(moduleIds.length).toBeGreaterThan(100);
  });

  it("give the same bits in a page, which has no Node", () => {
    const of = config(normalized);
    const data = { samples: 40, noise: 0.2, draw: 3 };
    const page = createContext({ performance, hashOfBits, of, data });
    runInContext(output[0].code, page);
    const there: RunResult = runInContext(
      `laboratory.runTraining(laboratory.moons(data), of, {
        hashOfBits, afterStep: () => "go on", onCheckpoint() {},
      }).result`,
      page,
    );
    const here = runTraining(moons(data), of, onward)?.result;
    expect(here?.measures.trainLoss).toBeGreaterThan(0);
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
    expect(runInContext(`[typeof process, typeof require, typeof Buffer].join()`, page)).toBe(
      "undefined,undefined,undefined",
    );
    const csv = `laboratory.parseCsv("a,kind\\n1,u\\n2,v\\n3,u\\n4,v\\n", "file.csv").classes.join()`;
    expect(runInContext(csv, page)).toBe("u,v");
  });
});
