import { execSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SweepResults } from "../../src/sweep/results.js";
import { flatward, flatwardHere, scratch } from "../support/run.js";
import { cellsIn, program, resultsIn, tiny, writePlan } from "../support/sweeps.js";
import { prepared, states, swept } from "../support/swept.js";

/** The text of an HTML page's `pre`, as a browser would copy it. */
function shown(html: string): string {
  const [, text] = /<pre>([^<]*)<\/pre>/.exec(html) ?? [];
  return (text ?? "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replace(/&#0*39;|&apos;|&#x27;/g, "'")
    .replaceAll("&amp;", "&");
}

describe("a report", () => {
  it("has a command that runs a cell again, to the same hash, wherever the plan lies", () => {
    const folder = join(scratch(), "it's a place");
    mkdirSync(folder);
    const plan = writePlan(folder, tiny);
    swept(plan, join(folder, "out"));
    const report = readFileSync(join(folder, "out", "report.html"), "utf8");
    const command = shown(report);
    expect(command).toMatch(
      /^npx flatward run --of '.*plan\.json' --cell [0-9a-f]{12} --output '.*' --recompute$/,
    );
    const words = command.replace("npx flatward", `"${process.execPath}" "${program}"`);
    const stdout = execSync(`${words.replace(/ --output .* --recompute/, "")} --output elsewhere`, {
      cwd: folder,
      encoding: "utf8",
    });
    const again = cellsIn(join(folder, "elsewhere"));
    expect(again.size).toBe(1);
    for (const [id, { record }] of again) {
      expect(record.sha256).toBe(cellsIn(join(folder, "out")).get(id)?.record.sha256);
      expect(stdout).toContain(`SHA-256 ${record.sha256}`);
      // The hash that the report shows beside this cell.
      expect(report).toMatch(
        new RegExp(
          `${id.slice(0, 12)}</code></a></td>.*<td>${record.config.seed}</td><td><code>${record.sha256.slice(0, 12)}`,
        ),
      );
    }
  });

  it("has such a command for every cell, also of a comparison, which has no plan", () => {
    const folder = scratch();
    const quick = ["--steps", "9", "--seeds", "1", "--strengths", "0.1", "--hidden", "2"];
    expect(flatward("compare", ...quick, "--output", join(folder, "out")).status).toBe(0);
    const report = readFileSync(join(folder, "out", "report.html"), "utf8");
    const head = shown(report)
      .replace(/--cell .*/, "")
      .replace("npx flatward", `"${process.execPath}" "${program}"`);
    const cells = cellsIn(join(folder, "out"));
    for (const id of cells.keys()) {
      expect(report).toContain(`<code>${id.slice(0, 12)}</code>`);
      execSync(`${head} --cell ${id.slice(0, 12)} --recompute --output elsewhere`, { cwd: folder });
    }
    expect(resultsIn(join(folder, "elsewhere"))).toEqual(resultsIn(join(folder, "out")));
  });

  it("has under every figure the cells behind it, which are there", () => {
    const { plan, out } = prepared({ ...tiny, network: { hidden: [2, 3] }, measures: undefined });
    swept(plan, out);
    const report = readFileSync(join(out, "report.html"), "utf8");
    const figures = report.match(/<figure[\s\S]*?<\/figure>/g) ?? [];
    expect(figures.length).toBeGreaterThan(4);
    const linked = new Set<string>();
    for (const figure of figures) {
      const links = [...figure.matchAll(/href="(cells\/[^"]+)"/g)].map(([, path]) => path);
      expect(links.length).toBeGreaterThan(0);
      for (const path of links) {
        expect(existsSync(join(out, path)), path).toBe(true);
        linked.add(path);
      }
    }
    expect(linked.size).toBe(8);
  });

  it("of a half-finished sweep says what is missing, and has what is there", () => {
    const { plan, out } = prepared();
    flatward("run", "--of", plan, "--output", out, "--index", "0,1,2");
    const status = flatward("status", out);
    expect(status.status).toBe(0);
    expect(status.stdout).toContain("4 cells, 3 done, 1 to run");
    expect(status.stdout).toContain(`npx flatward sweep ${plan}`);
    expect(states(out)).toEqual(["done", "done", "done", "planned"]);

    const { status: exit, stdout } = flatward("report", out);
    expect(exit).toBe(0);
    expect(stdout).toContain("3 done, 1 to run");
    const report = readFileSync(join(out, "report.html"), "utf8");
    expect(report).toContain("3 of 4 cells are done, 1 still to run");
    expect(report).not.toMatch(/NaN|undefined|Infinity|null/);
    const results: SweepResults = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    expect(results.sha256).toBe(null);
    expect(results.problems[0].groups.map(({ cells }) => cells.length)).toEqual([2, 1]);
  });

  it("calls a file of data what it is called", () => {
    const folder = scratch();
    const path = join(folder, "own-data.csv");
    writeFileSync(path, `a,class\n${Array.from({ length: 12 }, (_, i) => `${i},${i % 2}`).join("\n")}`);
    const { plan, out } = prepared({ ...tiny, data: { name: "csv", path } });
    flatward("export", "parallel", plan, "--output", out);
    expect(flatward("report", out).status).toBe(0);
    const report = readFileSync(join(out, "report.html"), "utf8");
    expect(report).toContain("<h1>How sharp are the minima? own-data.csv, 12 samples</h1>");
  });

  it("can be had before the first cell is done, and says when there is no sweep", async () => {
    const { folder, plan, out } = prepared();
    flatward("export", "parallel", plan, "--output", out);
    expect(flatward("report", out).status).toBe(0);
    const report = readFileSync(join(out, "report.html"), "utf8");
    expect(report).toContain("0 of 4 cells are done, 4 still to run");
    expect(report).toContain("<h1>How sharp are the minima? Iris, 150 samples</h1>");
    for (const command of ["report", "status"]) {
      const { status, stderr, stdout } = await flatwardHere(command, folder);
      expect([status, stdout]).toEqual([4, ""]);
      expect(stderr).toContain("holds no sweep");
    }
  });
});
