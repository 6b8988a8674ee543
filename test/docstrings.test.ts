import { describe, expect, it } from "vitest";
import { exampleOf, functions } from "./docstrings.js";
import { printedBy, saidBy } from "./printed.js";

// Threads run compiled JavaScript: test/threads/start-threads.test.ts has that example.
const examples = functions.filter(({ name }) => name !== "startThreads");

describe("the docstring of every function that an entry point exports", () => {
  it.each(examples)("$name has an example, which prints what it says", async (exported) => {
    const code = exampleOf(exported);
    const said = saidBy(code);
    expect(said, `an @example of ${exported.name} with // → comments`).not.toEqual([]);
    expect(await printedBy(code)).toEqual(said);
  });
});
