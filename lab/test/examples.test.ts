import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseDescription } from "../src/sweep/description.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = (path: string): string => execFileSync(process.execPath, [path], { cwd: root, encoding: "utf8" });

/** Every block of JavaScript in the documentation, by page. */
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { encoding: "utf8", recursive: true }).map((name) => join("docs", name)),
].filter((page) => page.endsWith(".md"));
const blocks = pages.flatMap((page) =>
  [...readFileSync(join(root, page), "utf8").matchAll(/```js\n(.*?)```/gs)].map(([, code], index) => ({
    page,
    index,
    code,
  })),
);

/** Every plan in the documentation and among the examples. */
const plans = [
  ...pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => ({
      page,
      text,
    })),
  ),
  ...readdirSync(join(root, "examples", "plans")).map((name) => {
    const page = join("examples", "plans", name);
    return { page, text: readFileSync(join(root, page), "utf8") };
  }),
];

/** Runs code inside the project, where the package resolves as it does for a user. */
function runCode(code: string): string {
  const folder = mkdtempSync(join(root, "node_modules", ".flatward-example-"));
  try {
    writeFileSync(join(folder, "example.mjs"), code);
    return run(join(folder, "example.mjs"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("examples", () => {
  it("of the README's first screen print bounds that hold", () => {
    const [, largest, lower, upper] =
      /λ_max = (\S+) lies in \[(\S+), (\S+)\]/.exec(runCode(blocks[0].code)) ?? [];
    expect(Number(largest)).toBeGreaterThanOrEqual(Number(lower));
    expect(Number(largest)).toBeLessThanOrEqual(Number(upper));
  });

  it.each(blocks.slice(1))("$page, block $index, runs and reports no failure", ({ code }) => {
    expect(runCode(code)).not.toMatch(/FAIL|false/);
  });

  it.each(plans)("the plan of $page is one that flatward takes", ({ page, text }) => {
    expect(parseDescription(text, page).methods.length).toBeGreaterThan(0);
  });

  it.each(readdirSync(join(root, "examples")).filter((name) => name.endsWith(".js")))("%s runs", (name) => {
    expect(run(join(root, "examples", name)).trim()).not.toBe("");
  });
});
