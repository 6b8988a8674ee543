import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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
  [...readFileSync(join(root, page), "utf8").matchAll(/```js\n(.*?)```(?:\n\n```text\n(.*?)```)?/gs)].map(
    ([, code, shown], index) => ({ page, index, code, shown }),
  ),
);

/** The worker of docs/how-to/browser.md. */
const worker = /```text\n(\/\/ worker\.js\n.*?)```/s.exec(
  readFileSync(join(root, "docs/how-to/browser.md"), "utf8"),
)?.[1];

/** Every command of the documentation that has some of its output below it. */
const commands = pages.flatMap((page) =>
  [
    ...readFileSync(join(root, page), "utf8").matchAll(
      /```sh\n(npx flatward [^\n]*)\n```\n[^`]*```text\n(.*?)```/gs,
    ),
  ].map(([, command, shown]) => ({ page, command, shown })),
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
  it.each(blocks.filter(({ shown }) => shown))("$page, block $index, prints what is below it", (block) => {
    expect(runCode(block.code)).toBe(block.shown);
  });

  it.each(blocks.filter(({ shown }) => !shown))(
    "$page, block $index, runs and reports no failure",
    (block) => {
      expect(runCode(block.code)).not.toMatch(/FAIL|false/);
    },
  );

  it("docs/how-to/browser.md: the worker takes the steps of minimize", () => {
    const printed = runCode(`
      import { minimize } from "flatward";
      const data = { batch: { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] }, strength: 0.05 };
      let posts = 0;
      globalThis.onmessage = null;
      globalThis.postMessage = (theta) => {
        if (++posts < 3) return;
        const net = threeLayerNet({ inputs: 2, hidden: 8, outputs: 2 });
        const objective = hsrObjective(net, data.batch, { strength: data.strength });
        const run = minimize(objective, net.init(1), sgd({ learningRate: 0.3 }), { steps: 20 * posts });
        console.log(theta.every((weight, i) => weight === run.theta[i]));
        process.exit();
      };
      ${worker}
      onmessage({ data });`);
    expect(printed.trim()).toBe("true");
  });

  it.each(commands)("$page: $command prints the numbers below it", ({ command, shown }) => {
    const [, ...args] = command.split(" ");
    const output = mkdtempSync(join(tmpdir(), "flatward-page-"));
    try {
      const bin = join(root, "lab/bin/flatward.js");
      const printed = execFileSync(process.execPath, [bin, ...args.slice(1), "--output", output], {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const numbers = (text: string): readonly string[] => text.match(/[−-]?\d+(?:\.\d+)?/g) ?? [];
      expect(numbers(shown).filter((number) => !numbers(printed).includes(number))).toEqual([]);
      expect(numbers(shown).length).toBeGreaterThan(2);
    } finally {
      rmSync(output, { recursive: true });
    }
  });

  it.each(plans)("the plan of $page is one that flatward takes", ({ page, text }) => {
    expect(parseDescription(text, page).methods.length).toBeGreaterThan(0);
  });

  it.each(readdirSync(join(root, "examples")).filter((name) => name.endsWith(".js")))("%s runs", (name) => {
    expect(run(join(root, "examples", name)).trim()).not.toBe("");
  });
});
