import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bundles, sizesOf } from "../../bench/bundle.js";

const sources = fileURLToPath(new URL("../../src", import.meta.url));

describe("a bundle", () => {
  it.each(bundles)("of $name keeps within $budget bytes", async ({ code, budget }) => {
    const { zipped } = await sizesOf(code, sources);
    expect(zipped).toBeLessThanOrEqual(budget);
    // A budget that is far from the size would find nothing.
    expect(zipped).toBeGreaterThan(0.9 * budget);
  });
});
