import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { describe, expect, it } from "vitest";
import * as root from "../src/index.js";
import { sourcesIn } from "./architecture/houses.js";

/** What the root exports and a user calls: not the classes of errors, nor tables. */
const functions = Object.entries<unknown>(root)
  .filter(([, value]) => typeof value === "function" && !(value.prototype instanceof Error))
  .map(([name]) => name);

const sources = sourcesIn(fileURLToPath(new URL("../src", import.meta.url)));

/** Text above the declaration of a function, without the asterisks. */
function docstringOf(name: string): string {
  const declaration = new RegExp(`^export function ${name}\\b`, "m");
  const above = sources.flatMap(({ text }) => {
    const at = text.search(declaration);
    return at < 0 ? [] : [text.slice(0, at)];
  });
  expect(above, `declarations of ${name}`).toHaveLength(1);
  const [before] = above;
  if (!before.endsWith("*/\n")) return "";
  return before.slice(before.lastIndexOf("/**"), -"*/\n".length).replace(/^ \* ?/gm, "");
}

/** From the tag to the next one, or to the end. */
function exampleOf(name: string): string {
  const [, example = ""] = docstringOf(name).split(/^@example\n/m);
  return example.split(/^@/m)[0];
}

/** What the comments say is printed, a line each. */
const saidBy = (code: string): string[] => Array.from(code.matchAll(/ \/\/ → (.*)$/gm), ([, said]) => said);

type Run = (load: (module: string) => Promise<unknown>, console: { log: unknown }) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parameters: string[]) => Run;

/** Runs an example here, its imports made dynamic, and keeps what it prints. */
async function printedBy(code: string): Promise<string[]> {
  const body = code
    .replace(/^import \{(.*)\} from (".*");$/gm, "const {$1} = await load($2);")
    .replace(/^import (\w+) from (".*");$/gm, "const { default: $1 } = await load($2);");
  const printed: string[] = [];
  const run = new AsyncFunction("load", "console", body);
  await run((module) => import(/* @vite-ignore */ module), {
    log: (...values: unknown[]) => printed.push(format(...values)),
  });
  return printed;
}

describe("the docstring of every function that the root exports", () => {
  it.each(functions)("%s has an example, which prints what it says", async (name) => {
    const code = exampleOf(name);
    const said = saidBy(code);
    expect(said, `an @example of ${name} with // → comments`).not.toEqual([]);
    expect(await printedBy(code)).toEqual(said);
  });
});
