import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as root from "../src/index.js";
import { sourcesIn } from "./architecture/houses.js";
import { printedBy, saidBy } from "./printed.js";

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

describe("the docstring of every function that the root exports", () => {
  it.each(functions)("%s has an example, which prints what it says", async (name) => {
    const code = exampleOf(name);
    const said = saidBy(code);
    expect(said, `an @example of ${name} with // → comments`).not.toEqual([]);
    expect(await printedBy(code)).toEqual(said);
  });
});
