import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { loadSource } from "../../src/data/sources.js";
import { LabError } from "../../src/errors.js";
import { addDataOptions, type DataOptions, sourceFrom } from "../../src/terminal/data.js";
import { flatward, scratch } from "../support/run.js";
import { type samples, type Variant, variants } from "./variants.js";

const folder = scratch();

function written({ file, content }: Variant, index: number): string {
  const own = join(folder, `${index}`);
  mkdirSync(own);
  const path = join(own, file);
  writeFileSync(path, content);
  return path;
}

/** The data that a command line names. */
function loaded(path: string, options: readonly string[]): Dataset {
  const command = addDataOptions(new Command()).exitOverride();
  command.parse(["node", "flatward", ...options]);
  return loadSource(sourceFrom(path, command.opts<DataOptions>()));
}

function refusalOf(path: string): LabError {
  try {
    loaded(path, []);
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error("it was read");
}

/** What a message says to do: a shell's command, the file that it makes, and options, as a person would copy them. */
function advice(message: string): { command?: string; file?: string; options: string[] } {
  const [, command, file] = /(?:convert it|first): (.* > (\S+?))(?:, and give|;|\n|$)/.exec(message) ?? [];
  const [, line = ""] = /(?:go on with: |, with )(--.*)$/.exec(message) ?? [];
  const words = line === "" ? "" : execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" });
  return { ...(command && file ? { command, file } : {}), options: words.split("\n").filter(Boolean) };
}

/** Follows the advice of one message, to the letter. */
function followed(path: string, { message }: LabError): { path: string; options: string[] } {
  const { command, file = path, options } = advice(message);
  if (command !== undefined) execFileSync("sh", ["-c", command]);
  return { path: file, options };
}

function expectSamples(dataset: Dataset, kept: readonly (typeof samples)[number][]): void {
  expect([...dataset.x]).toEqual(kept.flatMap(({ x, y }) => [x, y]));
  expect(Array.from(dataset.y, (index) => dataset.classes[index])).toEqual(kept.map(({ kind }) => kind));
}

describe("a table as programs write it", () => {
  it("is written in thirty ways at least", () => {
    expect(variants.length).toBeGreaterThanOrEqual(30);
  });

  it.each(variants.map((variant, index) => [variant.name, variant, index] as const))(
    "%s",
    (_, variant, index) => {
      const path = written(variant, index);
      if (variant.plain) return expectSamples(loaded(path, []), variant.kept);
      const error = refusalOf(path);
      expect(error.code).toBe("data");
      const again = followed(path, error);
      const { file = path, options = [] } = error.next;
      expect(again).toEqual({ path: file, options });
      expectSamples(loaded(again.path, again.options), variant.kept);
    },
  );

  it.each(["pandas with its index", "everything at once"])("through the command line: %s", (name) => {
    const index = variants.findIndex((variant) => variant.name === name);
    const path = written(variants[index], variants.length + index);
    const run = (...options: string[]) =>
      flatward("verify", path, "--cases", "1", "--hidden", "1", ...options);
    const first = run();
    expect(first.status).toBe(3);
    const second = run(...advice(first.stderr.trim()).options);
    expect(second.stderr).not.toMatch(/flatward: .*(cannot|expected)/);
    expect(second.status).toBe(0);
    expect(second.stdout).toContain("2 features (x, y)");
  });
});
