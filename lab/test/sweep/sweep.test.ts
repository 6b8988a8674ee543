import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashOf } from "../../src/experiment/provenance.js";
import { cellId } from "../../src/sweep/manifest.js";
import type { CellRecord } from "../../src/sweep/record.js";
import type { SweepResults } from "../../src/sweep/results.js";
import { flatward } from "../support/run.js";
import { cellsIn, leftoversIn, plannedIn, resultsIn, stampsIn, tiny, writePlan } from "../support/sweeps.js";
import { prepared, states, swept } from "../support/swept.js";

describe("a sweep", () => {
  it("writes a record for every cell, whole, with what it was computed by and with", () => {
    const { plan, out } = prepared();
    swept(plan, out);
    const cells = cellsIn(out);
    expect([...cells.keys()]).toEqual(plannedIn(out).sort());
    expect(leftoversIn(out)).toEqual([]);
    for (const { record } of cells.values()) {
      const { provenance } = record;
      expect(provenance).toMatchObject({
        seed: record.config.seed,
        engine: record.engine,
        node: process.versions.node,
        v8: process.versions.v8,
        platform: `${process.platform} ${process.arch}`,
        resumedAt: null,
      });
      expect(provenance.engine).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{8}$/);
      for (const text of [provenance.processor, provenance.host]) expect(text).toMatch(/./);
      for (const time of [provenance.started, provenance.finished])
        expect(new Date(time).toISOString()).toBe(time);
      expect(provenance.started <= provenance.finished).toBe(true);
      expect(provenance.wallSeconds).toBeGreaterThan(0);
      expect(provenance.trainingSeconds).toBeGreaterThan(0);
      expect(provenance.peakMemoryBytes).toBeGreaterThan(1e7);
      if (process.platform === "linux") expect(provenance.cpuSeconds).toBeGreaterThan(0);
      expect("stack" in provenance).toBe(false);
    }
  });

  it("does nothing a second time", () => {
    const { plan, out } = prepared();
    expect(swept(plan, out)).toContain("4 cells: 4 computed now");
    const [stamps, results] = [stampsIn(out), readFileSync(join(out, "results.json"), "utf8")];
    expect(swept(plan, out)).toContain("4 cells: 4 done before, 0 computed now");
    expect(stampsIn(out)).toEqual(stamps);
    expect(readFileSync(join(out, "results.json"), "utf8")).toBe(results);
  });

  it("of a changed plan computes what is new, leaves what is shared alone, and tells of what is not asked for", () => {
    const { folder, plan, out } = prepared();
    swept(plan, out);
    const before = stampsIn(out);

    const larger = writePlan(folder, { ...tiny, seeds: [3, 2, 1] }, "larger.json");
    expect(swept(larger, out)).toContain("6 cells: 4 done before, 2 computed now");
    expect(stampsIn(out)).toMatchObject(before);
    expect(cellsIn(out).size).toBe(6);

    const methods = [{ name: "sam", learningRate: 0.1, radius: 0.05 }, ...(tiny.methods as object[])];
    const another = writePlan(folder, { ...tiny, methods }, "another.json");
    const said = swept(another, out);
    expect(said).toContain("The folder has 2 other results, of other plans; they are kept.");
    expect(said).toContain("6 cells: 4 done before, 2 computed now");
    expect(stampsIn(out)).toMatchObject(before);
    expect(cellsIn(out).size).toBe(8);

    const one = writePlan(folder, { ...tiny, methods: methods.slice(1), seeds: [1] }, "one.json");
    expect(swept(one, out)).toContain("The folder has 6 other results, of other plans");
    expect(cellsIn(out).size).toBe(8);
  });

  it("of another engine's folder says that it uses nothing of it, and keeps it", () => {
    const { plan, out } = prepared();
    swept(plan, out);
    // As if an earlier version had run the plan: other identities, and its name in the manifest.
    const manifest = join(out, "manifest.json");
    const old = JSON.parse(readFileSync(manifest, "utf8"));
    const { engine } = old;
    writeFileSync(manifest, JSON.stringify({ ...old, engine: "0.0.9+0badcafe" }));
    const kept = new Map<string, string>();
    for (const name of readdirSync(join(out, "cells"))) {
      const {
        sha256: _,
        provenance,
        ...content
      }: CellRecord = JSON.parse(readFileSync(join(out, "cells", name), "utf8"));
      const foreign = "0.0.9+0badcafe";
      const id = cellId(foreign, content.data, content.config);
      const earlier = { ...content, id, engine: foreign };
      const path = join(out, "cells", `${id}.json`);
      writeFileSync(path, JSON.stringify({ ...earlier, sha256: hashOf(earlier), provenance }));
      rmSync(join(out, "cells", name));
      kept.set(path, readFileSync(path, "utf8"));
    }

    const refused = flatward("run", "--of", manifest, "--index", "0");
    expect([refused.status, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain("planned with flatward 0.0.9+0badcafe");

    const said = swept(plan, out);
    expect(said).toContain("The folder has 4 other results, of flatward 0.0.9+0badcafe");
    expect(said).toContain(`This is ${engine}, whose bits may differ: they are kept, and not used.`);
    expect(said).toContain("4 cells: 4 computed now");
    for (const [path, text] of kept) expect(readFileSync(path, "utf8")).toBe(text);
    expect(JSON.parse(readFileSync(manifest, "utf8")).engine).toBe(engine);
  });

  it("writes nothing when it is only to show what it would do", () => {
    const { folder, plan, out } = prepared();
    const { status, stdout, stderr } = flatward("sweep", plan, "--output", out, "--dry-run");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("4 cells, 48 training steps in all");
    expect(stdout).toContain("4 to run");
    expect(readdirSync(folder)).toEqual(["plan.json"]);

    flatward("run", "--of", plan, "--output", out, "--index", "0-2");
    const before = [stampsIn(out), readdirSync(out)];
    const half = flatward("sweep", plan, "--output", out, "--dry-run");
    expect(half.stdout).toContain("3 done, 1 to run");
    expect([stampsIn(out), readdirSync(out)]).toEqual(before);
  });

  it("puts nothing but its results on stdout with --json", () => {
    const { plan, out } = prepared();
    const first = flatward("sweep", plan, "--output", out, "--json");
    expect(first.status).toBe(0);
    const results: SweepResults = JSON.parse(first.stdout);
    expect(results.counts).toEqual({ planned: 0, running: 0, done: 4, failed: 0 });
    expect(first.stderr).toContain("4 cells: 4 computed now");
    // Which of the results are reproducible, their hash says.
    const again = prepared();
    const second: SweepResults = JSON.parse(
      flatward("sweep", again.plan, "--output", again.out, "--json").stdout,
    );
    expect(second.sha256).toBe(results.sha256);

    const reported = flatward("report", out, "--json");
    expect(JSON.parse(reported.stdout).sha256).toBe(results.sha256);
    const records = flatward("run", "--of", plan, "--output", out, "--index", "1", "--json");
    expect(JSON.parse(records.stdout)).toEqual([cellsIn(out).get(plannedIn(out)[1])?.record]);
  });

  it("prints no table with --json where it only shows what it would do", () => {
    const { plan, out } = prepared();
    const { status, stdout } = flatward("sweep", plan, "--output", out, "--dry-run", "--json");
    if (status === 0) expect(() => JSON.parse(stdout)).not.toThrow();
    else expect([status, stdout]).toEqual([2, ""]);
  });

  it("computes again what is torn, altered, or not a record at all", () => {
    const { plan, out } = prepared();
    swept(plan, out);
    const results = resultsIn(out);
    const stamps = stampsIn(out);
    const [torn, altered, unfit, intact] = plannedIn(out);
    const path = (id: string) => join(out, "cells", `${id}.json`);
    truncateSync(path(torn), 400);
    const text = readFileSync(path(altered), "utf8");
    writeFileSync(
      path(altered),
      text.replace(/("trainLoss": 0\.\d+)(\d)/, (_, head, last) => `${head}${9 - last}`),
    );
    expect(readFileSync(path(altered), "utf8")).not.toBe(text);
    // Its hash is right.
    const { provenance: _, ...unproven } = JSON.parse(readFileSync(path(unfit), "utf8"));
    writeFileSync(path(unfit), JSON.stringify(unproven));

    expect(states(out)).toEqual(["planned", "planned", "planned", "done"]);
    const said = (fate: string) =>
      `flatward: 3 records in ${join(out, "cells")} are damaged or of another version, and ${fate}: ${torn}, ${altered}, ${unfit}`;
    for (const command of ["status", "report"]) {
      const { status, stdout, stderr } = flatward(command, out);
      expect(stderr).toBe(`${said("left out")}; flatward sweep computes what is missing\n`);
      expect(stdout).toContain("1 done, 3 to run");
      expect(status).toBe(0);
    }
    const { status, stdout, stderr } = flatward("sweep", plan, "--output", out);
    expect(stderr.split("\n").filter((line) => line.startsWith("flatward:"))).toEqual([
      said("computed again"),
    ]);
    expect(stdout).toContain("4 cells: 1 done before, 3 computed now");
    expect(status).toBe(0);
    expect(resultsIn(out)).toEqual(results);
    expect(stampsIn(out)[intact]).toBe(stamps[intact]);
  });

  it("computed again compares the new bits with the old, and keeps the old", () => {
    const { plan, out } = prepared();
    swept(plan, out);
    const stamps = stampsIn(out);
    expect(swept(plan, out, "--recompute")).toContain(
      "4 of 4 cells computed again: every one with the same bits as before",
    );
    expect(stampsIn(out)).toEqual(stamps);
  });

  it("computed for the first time is not said to have the same bits as before", () => {
    const { plan, out } = prepared();
    expect(swept(plan, out, "--recompute")).not.toContain("same bits as before");
    const elsewhere = flatward("run", "--of", plan, "--output", `${out}2`, "--index", "0", "--recompute");
    expect(elsewhere.status).toBe(0);
    expect(elsewhere.stdout).not.toContain("same bits as before");
  });

  it("computed again has the same bits when its data have moved to a file of another name", () => {
    const rows = Array.from({ length: 24 }, (_, i) => `${Math.sin(i)},${Math.cos(3 * i)},${i % 2}`);
    const { folder, plan, out } = prepared({ ...tiny, data: { name: "csv", path: "old.csv" } });
    writeFileSync(join(folder, "old.csv"), `u,v,kind\n${rows.join("\n")}\n`);
    swept(plan, out);
    renameSync(join(folder, "old.csv"), join(folder, "new.csv"));
    const moved = writePlan(folder, { ...tiny, data: { name: "csv", path: "new.csv" } }, "moved.json");
    expect(swept(moved, out)).toContain("4 cells: 4 done before, 0 computed now");
    expect(swept(moved, out, "--recompute")).toContain("every one with the same bits as before");
  });

  it("whose data have changed since it was planned says so, and computes nothing with them", () => {
    const lines = Array.from({ length: 24 }, (_, i) => `${Math.sin(i)},${Math.cos(3 * i)},${i % 2}`);
    const text = `u,v,kind\n${lines.join("\n")}\n`;
    const { folder, plan, out } = prepared({ ...tiny, data: { name: "csv", path: "own.csv" } });
    writeFileSync(join(folder, "own.csv"), text);
    expect(flatward("run", "--of", plan, "--output", out, "--index", "0").status).toBe(0);
    writeFileSync(join(folder, "own.csv"), text.replace("1,", "2,"));
    const { status, stderr } = flatward("run", "--of", join(out, "manifest.json"), "--index", "0-3");
    expect(status).toBe(3);
    expect(stderr).toMatch(/own\.csv has changed since the sweep was planned/);
    expect(cellsIn(out).size).toBe(1);
    expect(leftoversIn(out)).toEqual([]);
  });
});
