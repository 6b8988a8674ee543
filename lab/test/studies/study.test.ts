import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createProgram } from "../../src/cli/program.js";
import type { SweepFigure } from "../../src/report/sweep-figures.js";
import { toSvg } from "../../src/report/vega.js";
import { studies } from "../../src/studies/index.js";
import type { Study } from "../../src/studies/study.js";
import { prepared, swept } from "../support/swept.js";

const said: string[] = [];

const figure: Omit<SweepFigure, "name"> = {
  title: "A dot",
  needs: ["lambdaMax"],
  caption: "A dot.",
  worthwhile: () => true,
  draw: () => toSvg({ data: { values: [{ x: 1 }] }, mark: "point", encoding: { x: { field: "x" } } }),
};

/** All that a study is, as one in a folder of its own would be. */
const tiny: Study = {
  name: "tiny",
  takes: "",
  description: "A study.",
  examples: [],
  load: () => Promise.resolve((command) => command.action(() => void said.push("ran"))),
  chapter: () =>
    Promise.resolve({
      title: "Tiny",
      text: ({ counts }) => ({
        findings: [`Tiny: ${counts.done} cells.`],
        table: { title: "Tiny table", head: ["a"], alignment: ["left"], rows: [["1"]], note: "" },
        more: [],
      }),
      figures: [
        { ...figure, name: "tiny-figure" },
        { ...figure, name: "unmeasured", needs: ["edgeShare"] },
        { ...figure, name: "worthless", worthwhile: () => false },
      ],
    }),
};

afterEach(() => {
  vi.restoreAllMocks();
  said.length = 0;
});

describe("a study in the list", () => {
  const run = async (list: readonly Study[], ...args: string[]) => {
    const argv = ["node", "flatward", ...args];
    await (await createProgram(argv, list)).parseAsync(argv);
  };

  it("has its command, and its section and figure in the report of a sweep", async () => {
    const { plan, out } = prepared();
    swept(plan, out);
    const report = () => readFileSync(join(out, "report.html"), "utf8");
    expect(report()).not.toContain("Tiny");

    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    await run([...studies, tiny], "report", out);
    // What was found, its picture, its table; and only then all else.
    expect(report()).toMatch(
      /class="finding">Tiny: 4 cells\.<.*<figure id="tiny-figure">.*<svg.*A dot\..*Tiny table.*<details/s,
    );
    expect(existsSync(join(out, "tiny-figure.svg"))).toBe(true);
    for (const name of ["unmeasured", "worthless"]) expect(report()).not.toContain(name);

    await run([...studies, tiny], "tiny");
    expect(said).toEqual(["ran"]);
  });

  it("is all that the program knows of it", async () => {
    const names = async (list: readonly Study[]) =>
      (await createProgram([], list)).commands.map((command) => command.name());
    const own = ["spectrum", "explain", "slice", "verify", "tightness", "filters", "framework"];
    expect(await names(studies)).toEqual(expect.arrayContaining(own));
    expect((await names([])).filter((name) => own.includes(name))).toEqual([]);
    expect(await names([tiny])).toContain("tiny");
  });
});
