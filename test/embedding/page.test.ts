import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { printedBy, saidBy } from "../printed.js";

const page = readFileSync(new URL("../../docs/how-to/embedding.md", import.meta.url), "utf8");
const examples = Array.from(
  page.matchAll(/^```js\n(.*?)^```/gms),
  ([, code], i) => [`${i + 1}`, code] as const,
);

describe("the page on embedding", () => {
  it("has code", () => expect(examples).toHaveLength(4));

  it.each(examples)("prints what it says, in its example %s", async (_, code) => {
    const printed = await printedBy(code);
    const said = saidBy(code);
    expect(said).not.toEqual([]);
    // What a loop prints is said once.
    expect(printed.filter((line, i) => line !== printed[i - 1])).toEqual(said);
  });
});
