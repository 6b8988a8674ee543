// In a terminal of 80 columns, as `script` of util-linux makes one, every line fits, and no word is broken: the words are
// those of the same output where nothing is broken into lines.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { plainTable, widthOf } from "../../src/terminal/table.js";
import { wrapped } from "../../src/terminal/width.js";
import { flatward, scratch } from "../support/run.js";
import { tiny, writePlan } from "../support/sweeps.js";

const COLUMNS = 80;
const program = fileURLToPath(new URL("../../bin/flatward.js", import.meta.url));
const hasTerminal = spawnSync("script", ["--version"]).status === 0;

/** What a terminal shows of a command's standard output. */
function shown(args: readonly string[], columns = COLUMNS): string {
  const line = `stty cols ${columns}; ${process.execPath} ${program} ${args.join(" ")} 2>/dev/null`;
  const { stdout } = spawnSync("script", ["-qec", line, "/dev/null"], { encoding: "utf8", input: "" });
  return stripVTControlCharacters(stdout).replaceAll("\r", "");
}

const words = (text: string) => new Set(text.split(/\s+/).filter((word) => !/^─*$/.test(word)));

describe.skipIf(!hasTerminal)("in 80 columns", () => {
  const folder = scratch();
  const plan = writePlan(folder, tiny);
  const quick = ["--steps", "20", "--hidden", "3"];
  const to = (name: string) => ["--output", join(folder, name)];
  const commands: readonly (readonly string[])[] = [
    ["--help"],
    ["compare", "--help"],
    ["compare", ...quick, "--seeds", "2", "--full", ...to("compare")],
    ["compare", ...quick, "--seeds", "2", ...to("compare")],
    ["sweep", plan, ...to("sweep")],
    ["sweep", plan, "--dry-run", ...to("sweep")],
    ["status", join(folder, "sweep")],
    ["report", join(folder, "sweep"), "--full"],
  ];
  const repeatable: readonly (readonly string[])[] = [
    ["methods"],
    ["spectrum", ...quick, "--full", ...to("spectrum")],
    ["explain", ...quick, "--full", ...to("explain")],
    ["slice", ...quick, "--dimensions", "1", "--points", "5", ...to("slice")],
    ["verify", "--cases", "1", "--full"],
  ];
  const named = (list: typeof commands) => list.map((args) => ({ args, name: args[0] }));

  /** Of what a terminal shows; a path is copied as it stands, and is as long as it is. */
  function expectToFit(text: string, columns = COLUMNS): void {
    const lines = text.split("\n").filter((line) => !line.includes(folder));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
  }

  it.each(named(commands))("every line of flatward $name fits", ({ args }) => {
    expectToFit(shown(args));
  });

  it.each([[["--help"]], [["slice", "--help"]]])("in 60, too: every line of flatward %s", (args) => {
    const text = shown(args, 60);
    expectToFit(text, 60);
    expect(words(text)).toEqual(words(flatward(...args).stdout));
  });

  it.each([70, 40, 30])("the results of %i columns have λ_max, and name what is left out", (columns) => {
    const text = shown(["compare", ...quick, "--seeds", "2", ...to("compare")], columns);
    const [head] = text.split("\n").filter((line) => line.startsWith("method "));
    expect(head.trimEnd().length).toBeLessThanOrEqual(columns);
    expect(head).toContain("λ_max");
    const all = ["train loss", "test loss", "test accuracy", "ms/step", "λ_max", "WS bound"];
    const below = text.replaceAll(/\s+/g, " ").match(/--full prints all tables, with (.*); the report/)?.[1];
    expect(below?.split(", ").sort()).toEqual(all.filter((label) => !head.includes(label)).sort());
  });

  it.each(named(repeatable))("every line of flatward $name fits, and no word is broken", ({ args }) => {
    const unbroken = words(flatward(...args).stdout);
    const text = shown(args);
    expectToFit(text);
    for (const word of words(text)) expect(unbroken, word).toContain(word);
  });
});

describe("a table", () => {
  const head = ["name", "what it is", "value"];
  const rows = [
    ["a", "a long text that says what this is, in more words than there is room for", "1.5"],
    ["b", "short", "22.5"],
  ];

  it("breaks its widest text between words where the terminal is narrow", () => {
    const table = stripVTControlCharacters(plainTable(head, ["left", "left", "right"], rows, 50));
    expect(widthOf(table)).toBe(50);
    expect(words(table)).toEqual(words([head, ...rows].flat().join(" ")));
    expect(table).toMatch(/22\.5\n/);
  });

  it("goes on below with its first column where that is not enough", () => {
    const numbers = Array.from({ length: 9 }, (_, i) => `${1000 + i}`);
    const table = plainTable(
      ["name", ...numbers.map((_, i) => `column ${i}`)],
      ["left", ...numbers.map(() => "right" as const)],
      [["all", ...numbers]],
      30,
    );
    const lines = stripVTControlCharacters(table).split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(30);
    expect(lines.filter((line) => line.startsWith("all"))).toHaveLength(5);
    for (const number of numbers) expect(table).toContain(number);
  });
});

it("text is broken between words, and further lines are indented", () => {
  expect(wrapped("one two three four", 12, 2)).toBe("one two\n  three four");
  expect(wrapped("/a/path/that/is/longer/than/that", 10)).toBe("/a/path/that/is/longer/than/that");
  expect(wrapped("one two three", Number.POSITIVE_INFINITY)).toBe("one two three");
});
