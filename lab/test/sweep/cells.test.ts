import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flatward, flatwardHere } from "../support/run.js";
import {
  cellsIn,
  finish,
  leftoversIn,
  plannedIn,
  resultsIn,
  stampsIn,
  suffering,
  tiny,
} from "../support/sweeps.js";
import { prepared, state, states, swept } from "../support/swept.js";

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
  it.each(wrong)("%s are refused, and nothing is written", async (_, args, message) => {
    const { folder, plan, out } = prepared();
    const { status, stdout, stderr } = await flatwardHere("run", "--of", plan, "--output", out, ...args);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, ""]);
    expect(readdirSync(folder)).toEqual(["plan.json"]);
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

  it("ends a sweep that shall fail fast, which goes on without", () => {
    const { plan, out } = prepared(overflowing);
    const fast = ["sweep", plan, "--output", out, "--workers", "1", "--fail-fast"];
    const first = flatward(...fast);
    expect(first.status).toBe(6);
    expect(first.stderr).toContain("stopped at a cell that failed");
    expect(states(out)).toEqual(["done", "failed", "planned", "planned"]);
    const again = flatward(...fast);
    expect(again.status).toBe(6);
    expect(states(out)).toEqual(["done", "failed", "planned", "planned"]);
    const { status, stdout } = flatward("sweep", plan, "--output", out);
    expect([status, states(out)]).toEqual([6, ["done", "failed", "done", "failed"]]);
    expect(stdout).toContain("4 cells: 1 done before, 1 computed now, 2 failed");
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
    const undisturbed = prepared();
    swept(undisturbed.plan, undisturbed.out);
    expect(resultsIn(out)).toEqual(resultsIn(undisturbed.out));
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
    const undisturbed = prepared();
    swept(undisturbed.plan, undisturbed.out);
    expect(resultsIn(out)).toEqual(resultsIn(undisturbed.out));
  });
});
