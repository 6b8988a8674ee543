import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadOnce } from "../../src/data/loaded.js";
import { csv } from "../support/manifests.js";
import { scratch } from "../support/run.js";
import { finish } from "../support/sweeps.js";

/** By thread, how often a command opens its data file; thread 0 is the main one. */
async function opened(command: string, ...options: string[]): Promise<Record<string, number>> {
  const folder = scratch();
  writeFileSync(join(folder, "own.csv"), csv);
  const log = join(folder, "log");
  const { status } = await finish([command, "own.csv", "--steps", "9", "--output", "out", ...options], {
    cwd: folder,
    env: {
      NODE_OPTIONS: `--import "${new URL("./reads.mjs", import.meta.url).href}"`,
      FLATWARD_TEST_READS: JSON.stringify({ name: "own.csv", log }),
    },
  });
  expect(status).toBe(0);
  const counts: Record<string, number> = {};
  for (const thread of readFileSync(log, "utf8").trim().split("\n"))
    counts[thread] = (counts[thread] ?? 0) + 1;
  return counts;
}

describe("a data file", () => {
  it.each([["compare", "--seeds", "3", "--workers", "2"], ["spectrum"]])(
    "is read once by each thread of %s",
    async (command, ...options) => {
      const { "thread 0": main, ...threads } = await opened(command, ...options);
      expect(main).toBe(1);
      expect(Object.keys(threads).length).toBeGreaterThan(0);
      for (const count of Object.values(threads)) expect(count).toBe(1);
    },
  );

  it("is read again when it has changed, unless it is known whose data are wanted", () => {
    const path = join(scratch(), "own.csv");
    writeFileSync(path, csv);
    const source = { name: "csv", path } as const;
    const before = loadOnce(source);
    expect(loadOnce({ path, name: "csv", label: undefined })).toBe(before);
    writeFileSync(path, csv.replace("group", "kinds"));
    expect(loadOnce(source, before.sha256)).toBe(before);
    const after = loadOnce(source);
    expect(after.label).toBe("kinds");
    expect(loadOnce(source, after.sha256)).toBe(after);
    expect(loadOnce({ ...source, label: "kind" })).not.toBe(after);
  });
});
