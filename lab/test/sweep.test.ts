import { execSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashOf } from "../src/experiment/provenance.js";
import { cellId } from "../src/sweep/manifest.js";
import type { CellRecord } from "../src/sweep/record.js";
import type { SweepResults } from "../src/sweep/results.js";
import { flatward, scratch } from "./run.js";
import {
  cellsIn,
  finish,
  leftoversIn,
  type PlanContent,
  plannedIn,
  program,
  resultsIn,
  stampsIn,
  start,
  suffering,
  tiny,
  writePlan,
} from "./sweeps.js";

/** A plan in a folder of its own, and a place for its results. */
function prepared(content: PlanContent = tiny): { folder: string; plan: string; out: string } {
  const folder = scratch();
  return { folder, plan: writePlan(folder, content), out: join(folder, "out") };
}

/** Runs a sweep that must end well. */
function swept(plan: string, out: string, ...options: string[]): string {
  const { status, stdout, stderr } = flatward("sweep", plan, "--output", out, ...options);
  expect(stderr).not.toMatch(/flatward:/);
  expect(status).toBe(0);
  return stdout;
}

const state = (out: string): { state: string; error?: { message: string } }[] =>
  JSON.parse(flatward("status", out, "--json").stdout).cells;
const states = (out: string) => state(out).map((cell) => cell.state);

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
    const [torn, altered, foreign, intact] = plannedIn(out);
    const path = (id: string) => join(out, "cells", `${id}.json`);
    truncateSync(path(torn), 400);
    const text = readFileSync(path(altered), "utf8");
    writeFileSync(
      path(altered),
      text.replace(/("trainLoss": 0\.\d+)(\d)/, (_, head, last) => `${head}${9 - last}`),
    );
    expect(readFileSync(path(altered), "utf8")).not.toBe(text);
    copyFileSync(path(intact), path(foreign));

    expect(states(out)).toEqual(["planned", "planned", "planned", "done"]);
    expect(swept(plan, out)).toContain("4 cells: 1 done before, 3 computed now");
    expect(resultsIn(out)).toEqual(results);
    expect(stampsIn(out)[intact]).toBe(stamps[intact]);
  });

  it("computed again holds the new bits against the old, and keeps the old", () => {
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

describe("single cells", () => {
  it("are run by position, from a plan or a manifest, and give the records of the whole sweep", () => {
    const { plan, out, folder } = prepared();
    swept(plan, out);
    const whole = resultsIn(out);
    const ids = plannedIn(out);
    const parts = join(folder, "parts");
    const first = flatward("run", "--of", plan, "--output", parts, "--index", "0-1,3");
    expect(first.status).toBe(0);
    expect(first.stdout).toContain(cellsIn(out).get(ids[3])?.record.sha256);
    expect([...cellsIn(parts).keys()]).toEqual([ids[0], ids[1], ids[3]].sort());

    const stamps = stampsIn(parts);
    const manifest = join(parts, "manifest.json");
    const again = flatward("run", "--of", manifest, "--index", "1");
    expect([again.status, again.stderr]).toEqual([0, ""]);
    expect(again.stdout).toContain("1 of 1 done before");
    expect(stampsIn(parts)).toEqual(stamps);

    expect(flatward("run", "--of", manifest, "--cell", ids[2].slice(0, 12)).status).toBe(0);
    expect(stampsIn(parts)).toMatchObject(stamps);
    expect(resultsIn(parts)).toEqual(whole);
    expect(leftoversIn(parts)).toEqual([]);
    expect(swept(plan, parts)).toContain("4 cells: 4 done before, 0 computed now");
  });

  it("are run by identity from a plan alone", () => {
    const { plan, out, folder } = prepared();
    swept(plan, out);
    const [, , id] = plannedIn(out);
    const alone = join(folder, "alone");
    expect(flatward("run", "--of", plan, "--output", alone, "--cell", id).status).toBe(0);
    expect(resultsIn(alone)).toEqual({ [id]: resultsIn(out)[id] });
  });

  const wrong: readonly [what: string, args: string[], message: RegExp][] = [
    ["beyond the last", ["--index", "2-4"], /--index 4: .*has 4 cells, 0 to 3/],
    ["of an identity that is not there", ["--cell", "ffffffffffff"], /has no cell ffffffffffff/],
    ["of an identity that is several", ["--cell", ""], /beginning of 4 identities/],
    ["that are not named", [], /either --index or --cell/],
    ["that are named twice", ["--index", "0", "--cell", "ab"], /either --index or --cell/],
    ["of a range that runs backwards", ["--index", "3-1"], /whole numbers and ranges/],
    ["of a list that is none", ["--index", "0,,1"], /whole numbers and ranges/],
  ];
  it.each(wrong)("%s are refused, and nothing is written", (_, args, message) => {
    const { folder, plan, out } = prepared();
    const { status, stdout, stderr } = flatward("run", "--of", plan, "--output", out, ...args);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, ""]);
    expect(readdirSync(folder)).toEqual(["plan.json"]);
  });
});

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

  it("can be had before the first cell is done, and says when there is no sweep", () => {
    const { folder, plan, out } = prepared();
    flatward("export", "parallel", plan, "--output", out);
    expect(flatward("report", out).status).toBe(0);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("0 of 4 cells are done, 4 still to run");
    for (const command of ["report", "status"]) {
      const { status, stderr, stdout } = flatward(command, folder);
      expect([status, stdout]).toEqual([4, ""]);
      expect(stderr).toContain("holds no sweep");
    }
  });
});

describe("a cell that fails", () => {
  // So strong a penalty overflows at the very start.
  const overflowing = {
    ...tiny,
    network: { hidden: 2, loss: "mean-squared-error" },
    methods: [
      { name: "gradient-descent", learningRate: 0.1 },
      { name: "hsr", learningRate: 0.1, strength: 1e308 },
    ],
  };

  it("is recorded with its error, and takes no other with it", () => {
    const { plan, out } = prepared(overflowing);
    const { status, stdout, stderr } = flatward("sweep", plan, "--output", out);
    expect(status).toBe(6);
    expect(stdout).toContain("4 cells: 2 computed now, 2 failed");
    expect(stderr).toMatch(/2 cells failed/);
    expect(states(out)).toEqual(["done", "failed", "done", "failed"]);
    for (const { record } of cellsIn(out).values()) {
      if (record.state === "done") continue;
      expect(record.result).toBe(undefined);
      expect(record.error).toMatchObject({
        name: "NonFiniteError",
        code: "non-finite",
        message: /expected a finite/,
      });
      expect(record.provenance.stack).toMatch(/\n\s+at /);
    }
    const listed = flatward("status", out).stdout;
    expect(listed).toContain("2 done, 2 failed, 0 to run");
    expect(listed.match(/failed {3}[13] {2}HSR 1e\+308, seed [12] .*expected a finite value/g)).toHaveLength(
      2,
    );
    expect(listed).toContain("--retry-failed");
    const report = readFileSync(join(out, "report.html"), "utf8");
    expect(report).toContain("2 of 4 cells are done, 2 failed");
    expect(report).toContain("failed: minimize: expected a finite value");
    expect(leftoversIn(out)).toEqual([]);
  });

  it("is run again when that is asked for, and only then", async () => {
    const { plan, out } = prepared();
    // 11 steps are reported of each training of 12: the 14th is the second cell's.
    const fault = suffering({ folder: out, thread: { step: 14, action: "throw" } });
    const first = await finish(["sweep", plan, "--output", out, "--workers", "1"], fault);
    expect(first.status).toBe(6);
    expect(states(out)).toEqual(["done", "failed", "done", "done"]);
    expect(state(out)[1].error?.message).toBe("injected into a training step");
    const stamps = stampsIn(out);
    const failed = plannedIn(out)[1];

    const second = flatward("sweep", plan, "--output", out);
    expect(second.status).toBe(6);
    expect(second.stdout).toContain("4 cells: 3 done before, 0 computed now, 1 failed");
    expect(stampsIn(out)).toEqual(stamps);

    const third = flatward("sweep", plan, "--output", out, "--retry-failed");
    expect(third.status).toBe(0);
    expect(third.stdout).toContain("4 cells: 3 done before, 1 computed now");
    expect({ ...stampsIn(out), [failed]: "" }).toEqual({ ...stamps, [failed]: "" });
    const calm = prepared();
    swept(calm.plan, calm.out);
    expect(resultsIn(out)).toEqual(resultsIn(calm.out));
  });

  it("is one whose thread ran out of memory, too", async () => {
    const { plan, out } = prepared();
    const fault = suffering(
      { folder: out, thread: { step: 14, action: "exhaust" } },
      "--max-old-space-size=100",
    );
    const { status } = await finish(["sweep", plan, "--output", out, "--workers", "1"], fault);
    expect(status).toBe(6);
    const counts = states(out);
    expect(counts[0]).toBe("done");
    expect(counts).toContain("failed");
    expect(counts).not.toContain("planned");
    expect(leftoversIn(out)).toEqual([]);
    swept(plan, out, "--retry-failed");
    const calm = prepared();
    swept(calm.plan, calm.out);
    expect(resultsIn(out)).toEqual(resultsIn(calm.out));
  });
});

const checkpointsIn = (out: string) =>
  existsSync(join(out, "cells"))
    ? readdirSync(join(out, "cells")).filter((name) => /^[0-9a-f]{24}\.checkpoint$/.test(name))
    : [];

describe("an interrupted sweep", () => {
  const plans: readonly [what: string, plan: PlanContent][] = [
    [
      "full batches",
      {
        data: "iris",
        network: { hidden: 3 },
        methods: [
          { name: "hsr", learningRate: 0.1, strength: 0.01 },
          { name: "hsr", learningRate: 0.05, strength: 0.02, momentum: 0.9 },
        ],
        training: { steps: 2500 },
        seeds: [1],
      },
    ],
    [
      "mini-batches, momentum and SAM",
      {
        data: "iris",
        network: { hidden: 3 },
        methods: [
          { name: "sam", learningRate: 0.01, radius: 0.05, momentum: 0.9 },
          { name: "weight-decay", learningRate: 0.01, weightDecay: 0.001, momentum: 0.9 },
        ],
        training: { steps: 25_000, batchSize: 16 },
        seeds: [1],
      },
    ],
  ];

  it.each(plans)(
    "keeps checkpoints, and goes on to the same bytes, twice: %s",
    async (_, content) => {
      const calm = prepared(content);
      swept(calm.plan, calm.out);

      const { plan, out } = prepared(content);
      const command = ["sweep", plan, "--output", out, "--checkpoint-seconds", "0.02", "--workers", "2"];
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const before = new Map(
          checkpointsIn(out).map((name) => [name, readFileSync(join(out, "cells", name))]),
        );
        const running = start(command);
        await running.until("its checkpoints were there", () => {
          const now = checkpointsIn(out);
          if (now.length !== 2) return false;
          return now.every(
            (name) => !before.get(name)?.equals(readFileSync(join(out, "cells", name))) as boolean,
          );
        });
        running.signal(signal);
        const { status, stderr, stdout } = await running.ended;
        expect(status).toBe(75);
        expect(stderr).toContain("the same command goes on where this one stopped");
        expect(stdout).toContain("2 cells: 0 computed now");
        expect(checkpointsIn(out)).toHaveLength(2);
        expect(leftoversIn(out).sort()).toEqual(checkpointsIn(out).sort());
        expect(cellsIn(out).size).toBe(0);
        expect(flatward("status", out).stdout).toContain("2 of those to run go on from a checkpoint");
      }

      swept(plan, out);
      expect(resultsIn(out)).toEqual(resultsIn(calm.out));
      expect(leftoversIn(out)).toEqual([]);
      const { training } = content as { training: { steps: number } };
      for (const { record } of cellsIn(out).values()) {
        expect(record.provenance.resumedAt).toBeGreaterThan(1);
        expect(record.provenance.resumedAt).toBeLessThan(training.steps);
      }
    },
    180_000,
  );

  it("does not trust a checkpoint that was damaged", async () => {
    const [[, content]] = plans;
    const { plan, out } = prepared(content);
    const running = start(["sweep", plan, "--output", out, "--checkpoint-seconds", "0.02"]);
    await running.until("its checkpoints were there", () => checkpointsIn(out).length === 2);
    running.signal("SIGINT");
    expect((await running.ended).status).toBe(75);
    const [torn, altered] = checkpointsIn(out).map((name) => join(out, "cells", name));
    truncateSync(torn, 200);
    // One bit, among the first parameters.
    const bytes = readFileSync(altered);
    bytes[bytes.indexOf("theta") + 45] ^= 0x10;
    writeFileSync(altered, bytes);
    swept(plan, out);

    const calm = prepared(content);
    swept(calm.plan, calm.out);
    expect(resultsIn(out)).toEqual(resultsIn(calm.out));
  }, 180_000);

  it("ends at once when it is interrupted a second time, and loses nothing but what it was about to measure", async () => {
    // The curvature of so many parameters takes long, and a training of one step cannot be stopped before.
    const { plan, out } = prepared({
      data: "digits",
      network: { hidden: 40 },
      methods: [{ name: "gradient-descent", learningRate: 0.1 }],
      training: { steps: 1 },
      seeds: [1],
      measures: ["lambdaMax"],
    });
    const running = start(["sweep", plan, "--output", out]);
    await running.until("the cell was running", () => {
      const cells = join(out, "cells");
      return existsSync(cells) && readdirSync(cells).some((name) => name.endsWith(".running"));
    });
    running.signal("SIGINT");
    await running.until("it heard the first Ctrl-C", () => running.stderr().includes("Ctrl-C again"));
    running.signal("SIGINT");
    const { status } = await running.ended;
    expect(status).toBe(75);
    // Had it not ended at once, it would have finished the measurement, and written it.
    expect(cellsIn(out).size).toBe(0);
    expect(states(out)).toEqual(["planned"]);
  }, 180_000);

  it("can be watched while it runs", async () => {
    const [[, content]] = plans;
    const { plan, out } = prepared({ ...content, training: { steps: 1_000_000 } });
    const running = start(["sweep", plan, "--output", out, "--checkpoint-seconds", "0.02"]);
    await running.until("its checkpoints were there", () => checkpointsIn(out).length === 2);
    const status = await finish(["status", out]);
    expect(status.stdout).toContain("2 cells, 0 done, 2 running, 0 to run");
    expect(status.stdout).toMatch(/running {2}1 {2}HSR 0\.02, .*seed 1 .*on \S+, process \d+, since \d{4}-/);
    expect((await finish(["report", out])).status).toBe(0);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("0 of 2 cells are done, 2 running");
    expect(running.isRunning()).toBe(true);
    running.signal("SIGINT");
    expect((await running.ended).status).toBe(75);
    expect(states(out)).toEqual(["planned", "planned"]);
  }, 180_000);
});

describe("two sweeps at once in one folder", () => {
  const seeds = (...values: number[]) => ({ ...tiny, training: { steps: 150 }, seeds: values });
  const pairs: readonly [what: string, first: PlanContent, second: PlanContent][] = [
    ["the same plan", seeds(1, 2, 3, 4), seeds(1, 2, 3, 4)],
    ["plans that overlap", seeds(1, 2, 3, 4), seeds(4, 5, 3, 2)],
  ];

  it.each(pairs)(
    "share the work, and compute nothing twice: %s",
    async (_, first, second) => {
      const { folder, out } = prepared();
      const log = join(folder, "written.txt");
      writeFileSync(log, "");
      const watched = suffering({ folder: out, ops: ["renameSync"], name: "^[0-9a-f]{24}\\.json$", log });
      const plans = [writePlan(folder, first, "first.json"), writePlan(folder, second, "second.json")];
      const both = await Promise.all(
        plans.map((plan) => finish(["sweep", plan, "--output", out, "--workers", "1"], watched)),
      );
      for (const { status, stderr } of both) expect([status, stderr]).toEqual([0, stderr]);
      const written = readFileSync(log, "utf8").trim().split("\n");
      expect(written).toHaveLength(cellsIn(out).size);
      expect(new Set(written).size).toBe(written.length);
      expect(leftoversIn(out)).toEqual([]);

      // Both wrote their report when all of their own cells were there.
      for (const { stdout } of both) expect(stdout).toMatch(/SHA-256 {2}[0-9a-f]{64}/);
      const alone: Record<string, string> = {};
      for (const plan of plans) {
        swept(plan, join(folder, "alone"));
        Object.assign(alone, resultsIn(join(folder, "alone")));
      }
      expect(resultsIn(out)).toEqual(alone);
    },
    180_000,
  );

  it("share what a killed one was running", async () => {
    const { plan, out } = prepared(seeds(1, 2, 3, 4));
    const killed = start(["sweep", plan, "--output", out, "--workers", "1"]);
    await killed.until("a cell was running", () => {
      const cells = join(out, "cells");
      return existsSync(cells) && readdirSync(cells).some((name) => name.endsWith(".running"));
    });
    killed.kill();
    await killed.ended;
    expect(states(out)).not.toContain("running");
    const others = [1, 2].map(() => finish(["sweep", plan, "--output", out, "--workers", "1"]));
    for (const { status } of await Promise.all(others)) expect(status).toBe(0);
    expect(cellsIn(out).size).toBe(8);
    swept(plan, out);
    expect(leftoversIn(out)).toEqual([]);
  }, 180_000);

  it("leave alone what another machine runs, until it has been silent for long", () => {
    const { plan, out } = prepared();
    flatward("export", "parallel", plan, "--output", out);
    const [id] = plannedIn(out);
    const claim = join(out, "cells", `${id}.running`);
    const since = "2026-01-01T00:00:00.000Z";
    writeFileSync(claim, JSON.stringify({ state: "running", host: "elsewhere", pid: 1, since }));
    expect(states(out)).toEqual(["running", "planned", "planned", "planned"]);
    expect(flatward("status", out).stdout).toContain("on elsewhere, process 1");
    const long = new Date(Date.now() - 600_000);
    utimesSync(claim, long, long);
    expect(states(out)).toEqual(["planned", "planned", "planned", "planned"]);
    expect(swept(plan, out)).toContain("4 cells: 4 computed now");
    expect(leftoversIn(out)).toEqual([]);
  });
});
