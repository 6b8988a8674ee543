import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as houses from "./architecture/houses.js";
import { sourcesIn } from "./architecture/houses.js";
import {
  importCycles,
  importViolations,
  laboratoryViolations,
  platformViolations,
  reachable,
  type Source,
} from "./architecture/rules.js";
import { codeOnly, importsOf } from "./architecture/source.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const engine = sourcesIn(`${root}src`);
const laboratory = sourcesIn(`${root}lab/src`);
const playground = sourcesIn(`${root}playground/src`);
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
};
const entryPoints = Object.keys(manifest.exports).map((path) => path.replace(/^\./, "flatward"));

describe("the engine", () => {
  it("is found, all of it", () => {
    expect(engine.length).toBeGreaterThan(40);
    expect(engine.reduce((count, { text }) => count + importsOf(text).length, 0)).toBeGreaterThan(100);
  });

  it("imports only downwards, or from the same folder", () => {
    expect(importViolations(engine, houses.engine)).toEqual([]);
  });

  it("has no import cycle, types included", () => {
    expect(importCycles(engine)).toEqual([]);
  });

  it("knows no platform, no clock, no chance but its own, and no inexact power", () => {
    expect(platformViolations(engine)).toEqual([]);
  });

  it("has one door to ndarray, and depends on nothing that it does not import", () => {
    const doors = engine.filter(({ text }) => importsOf(text).some((name) => /^ndarray/.test(name)));
    expect(doors.map(({ path }) => path)).toEqual(["tensor/ndarray.ts"]);
    const imported = new Set(
      engine.flatMap(({ text }) => importsOf(text)).filter((name) => !name.startsWith(".")),
    );
    for (const name of Object.keys(manifest.dependencies)) expect(imported).toContain(name);
  });
});

describe("automatic differentiation", () => {
  it("is not loaded by what has closed forms, so that bundles of it stay small", () => {
    const reached = (path: string) => reachable(engine, path).filter((each) => each.startsWith("autodiff/"));
    for (const path of [
      "nn/dense/three-layer.ts",
      "hessian/index.ts",
      "hsr/index.ts",
      "regularizers/index.ts",
    ])
      expect(reached(path)).toEqual([]);
    expect(reached("nn/sequential/sequential.ts")).not.toEqual([]);
  });
});

describe("the bounds", () => {
  it("know no network: they stand on matrices alone", () => {
    const rooms = reachable(engine, "bounds/index.ts").map((path) => path.replace(/\/.*/, ""));
    const files = new Set(rooms.filter((room) => !room.endsWith(".ts")));
    expect([...files].sort()).toEqual(["bounds", "linalg", "tensor"]);
  });
});

describe("the laboratory", () => {
  it("is found, all of it", () => {
    expect(laboratory.length).toBeGreaterThan(100);
  });

  it("imports only downwards, or from the same room; no study from another", () => {
    expect(importViolations(laboratory, houses.laboratory)).toEqual([]);
  });

  it("has no import cycle, types included", () => {
    expect(importCycles(laboratory)).toEqual([]);
  });

  it("enters the engine by its public entry points alone", () => {
    expect(laboratoryViolations(laboratory, entryPoints)).toEqual([]);
  });
});

describe("the playground", () => {
  it("is found, all of it", () => {
    expect(playground.filter(({ path }) => path.endsWith(".tsx")).length).toBeGreaterThan(10);
  });

  it("imports only downwards, or from the same room, and of the laboratory what it names", () => {
    expect(importViolations(playground, houses.playground)).toEqual([]);
  });

  it("has no import cycle, types included", () => {
    expect(importCycles(playground)).toEqual([]);
  });
});

describe("the rules themselves", () => {
  const file = (path: string, text: string): Source => ({ path, text });
  /** Of this file, beside empty ones. */
  const expectViolation = (
    house: typeof houses.engine,
    { path, text }: Source,
    others: string[],
    says: string,
  ): void => {
    const empty = others.filter((other) => other !== path).map((other) => file(other, ""));
    const violations = importViolations([file(path, text), ...empty], house);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(says);
  };

  it("read imports of every kind, over several lines, and none in comments or strings", () => {
    const text = `
      import a from "./a.js";
      import type { B } from './b.js';
      import {
        c, // from "./no.js"
      } from "./c.js";
      export * from "./d.js";
      export { e } from "./e.js";
      import "./f.js";
      const g = await import("./g.js");
      type H = import("./h.js").H;
      // import x from "./no.js"
      /* export * from "./no.js" */
      const text = 'import y from "./no.js"' + "a \\" from './no.js'" + \`from "./no.js" \${await import("./i.js")}\`;
    `;
    expect(importsOf(text)).toEqual(
      ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map((name) => `./${name}.js`),
    );
  });

  it("read code without comments and strings, but with what templates compute", () => {
    const squeezed = (text: string) => codeOnly(text).replace(/ +/g, " ").trim();
    expect(squeezed("a /* ** */ b // **\n'**' c")).toBe("a b \n c");
    expect(squeezed("'it\\'s **' + x")).toBe("+ x");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template is what is read here.
    expect(squeezed("`** ${d ** `${e} **`} **`")).toBe("d ** e");
  });

  it.each([
    ["an import upwards", "linalg/a.ts", 'import "../nn/b.js";', "floor 1"],
    ["bounds that know a network", "bounds/a.ts", 'import type { B } from "../nn/b.js";', "floor 2"],
    ["an objective that HSR would borrow", "hsr/a.ts", 'import "../regularizers/b.js";', "floor 4"],
    ["an import sideways", "optim/a.ts", 'import type { B } from "../linalg/b.js";', "floor 1"],
    ["an import of the front door from inside", "nn/b.ts", 'export * from "../index.js";', "floor 7"],
    ["another door to ndarray", "tensor/a.ts", 'import nd from "ndarray";', "the package ndarray"],
    ["a platform module", "tensor/a.ts", 'import { readFileSync } from "node:fs";', "the package node:fs"],
    ["a file that is not there", "tensor/a.ts", 'import "./gone.js";', "no source file"],
    ["a folder on no floor", "attic/a.ts", "", "no floor"],
  ])("notice %s", (_, path, text, says) => {
    const others = ["nn/b.ts", "linalg/b.ts", "regularizers/b.ts", "index.ts"];
    expectViolation(houses.engine, file(path, text), others, says);
  });

  it.each([
    ["a report that knows a study", "report/a.ts", "../studies/filters/b.js", "floor 7"],
    ["a study that knows another", "studies/slice/a.ts", "../filters/b.js", "floor 7"],
    ["a study that knows them all", "studies/slice/a.ts", "../index.js", "floor 8"],
    ["a study that knows the program", "studies/slice/a.ts", "../../cli/b.js", "floor 9"],
    ["what commands share, and imports a command", "terminal/a.ts", "../cli/b.js", "floor 9"],
    ["an experiment that knows sweeps", "experiment/network/a.ts", "../../sweep/b.js", "floor 3"],
    ["a report that knows queues", "report/a.ts", "../cluster/b.js", "floor 4"],
  ])("notice in the laboratory %s", (_, path, target, says) => {
    const rooms = ["studies/filters/b.ts", "studies/index.ts", "cli/b.ts", "sweep/b.ts", "cluster/b.ts"];
    expectViolation(houses.laboratory, file(path, `import "${target}";`), rooms, says);
  });

  it("let a study use its own folder and the rooms below, and the list of studies each of them", () => {
    const sources = [
      file("studies/index.ts", 'import "./study.js"; import "./slice/a.js"; import("./filters/b.js");'),
      file("studies/slice/a.ts", 'import "./page/c.js"; import "../study.js"; import "../../terminal/d.js";'),
      file("studies/slice/page/c.ts", 'import "../e.js"; import "../../../report/f.js"; import "vega";'),
      ...[
        "studies/study.ts",
        "studies/filters/b.ts",
        "studies/slice/e.ts",
        "terminal/d.ts",
        "report/f.ts",
      ].map((path) => file(path, "")),
    ];
    expect(importViolations(sources, houses.laboratory)).toEqual([]);
    expect(importCycles(sources)).toEqual([]);
  });

  it("let an import downwards pass, and one within a folder", () => {
    const sources = [
      file("nn/a.ts", 'import "../tensor/b.js"; import "./c.js"; import "../errors.js";'),
      file("nn/c.ts", ""),
      file("tensor/b.ts", 'import "../errors.js";'),
      file("errors.ts", ""),
    ];
    expect(importViolations(sources, houses.engine)).toEqual([]);
  });

  it("follow imports into JSX, and out only where it is allowed", () => {
    const house = { floors: { panels: 1, "app.tsx": 2 }, outside: [/^\.\.\/lab\/data\//] };
    const app = file("app.tsx", 'import { A } from "./panels/a.js";');
    const panel = (text: string) => [app, file("panels/a.tsx", text)];
    expect(importViolations(panel('import "../../lab/data/b.js";'), house)).toEqual([]);
    expect(importViolations(panel('import "../app.js"; import "../../lab/cli/c.js";'), house)).toHaveLength(
      2,
    );
    expect(importCycles(panel('import "../app.js";'))).toEqual(["app.tsx → panels/a.tsx → app.tsx"]);
  });

  it("notice a cycle of types over three files", () => {
    const sources = ["a", "b", "c"].map((name, i, all) =>
      file(`nn/${name}.ts`, `import type { X } from "./${all[(i + 1) % 3]}.js";`),
    );
    expect(importCycles(sources)).toEqual(["nn/a.ts → nn/b.ts → nn/c.ts → nn/a.ts"]);
  });

  it.each([
    ["const x = Math.random();", "Math.random"],
    ["const x = a ** 2;", "the operator **"],
    ["const x = Math.pow(a, 2);", "Math.pow"],
    ["const now = new Date();", "Date"],
    ["if (process.env.X) run();", "process"],
    ["const f = new Function(text);", "new Function"],
  ])("notice %s", (text, what) => {
    expect(platformViolations([file("nn/a.ts", text)])).toEqual([`nn/a.ts uses ${what}`]);
    expect(platformViolations([file("nn/a.ts", `// ${text}`)])).toEqual([]);
  });

  it("let threads be made where they are made, and nowhere else", () => {
    const text = "process.getBuiltinModule(name);";
    expect(platformViolations([file("threads/platform.ts", text)])).toEqual([]);
    expect(platformViolations([file("threads/job.ts", text)])).toEqual(["threads/job.ts uses process"]);
  });

  it("notice a laboratory that reaches into the engine", () => {
    const lab = (text: string) => laboratoryViolations([file("cli/a.ts", text)], ["flatward", "flatward/nn"]);
    expect(lab('import "../../../src/nn/layout.js";')).toHaveLength(1);
    expect(lab('import "flatward/nn/layout";')).toHaveLength(1);
    expect(lab('import "flatward"; import "flatward/nn"; import "../data/b.js"; import "zod";')).toEqual([]);
  });
});
