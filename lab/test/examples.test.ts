import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = (path: string): string => execFileSync(process.execPath, [path], { cwd: root, encoding: "utf8" });

describe("examples", () => {
  it("of the README's first screen run as printed", () => {
    const [, code] = /```js\n(.*?)```/s.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
    // Inside the project, so that the package resolves as it does for a user.
    const folder = mkdtempSync(join(root, "node_modules", ".flatward-readme-"));
    try {
      writeFileSync(join(folder, "example.mjs"), code);
      const [, largest, lower, upper] =
        /λ_max = (\S+) lies in \[(\S+), (\S+)\]/.exec(run(join(folder, "example.mjs"))) ?? [];
      expect(Number(largest)).toBeGreaterThanOrEqual(Number(lower));
      expect(Number(largest)).toBeLessThanOrEqual(Number(upper));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(readdirSync(join(root, "examples")))("%s runs", (name) => {
    expect(
      run(join(root, "examples", name))
        .trim()
        .split("\n").length,
    ).toBeGreaterThan(0);
  });
});
