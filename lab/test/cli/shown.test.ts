// What others may have written is shown in a way that no terminal obeys.

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { flatwardLine, quote } from "../../src/shell.js";
import { failing, planFile } from "../support/clusters.js";
import { controls, markup } from "../support/hostile.js";
import { type Loose, rehashed, replacePart } from "../support/parts.js";
import { flatward, flatwardHere, scratch } from "../support/run.js";

const folder = scratch();
const manifestPath = join(folder, "manifest.json");
let text: string;
let id: string;
beforeAll(() => {
  flatward("sweep", planFile(failing), "--output", folder);
  text = readFileSync(manifestPath, "utf8");
  [{ id }] = JSON.parse(text).cells;
});

describe("flatward status", () => {
  it("shows an error on record escaped and cut", async () => {
    const path = join(folder, "cells", `${id}.json`);
    const message = `${markup}${"x".repeat(2_000_000)}`;
    writeFileSync(
      path,
      rehashed(readFileSync(path, "utf8"), ({ error }) => Object.assign(error, { message })),
    );
    const { status, stdout } = await flatwardHere("status", folder);
    expect([status, stdout]).toEqual([0, expect.stringContaining("\\u001b[2J\\u0007\\u202e")]);
    expect(stdout).not.toMatch(controls);
    expect(stdout.length).toBeLessThan(2000);
  });

  it("shows the host of a running cell escaped and cut", async () => {
    const since = new Date().toISOString();
    const claim = { state: "running", host: `${markup}${hostname()}${"x".repeat(200)}`, pid: 1, since };
    const path = join(folder, "cells", `${id}.running`);
    writeFileSync(path, JSON.stringify(claim));
    const { status, stdout } = await flatwardHere("status", folder);
    rmSync(path);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/ on <img src=x onerror=alert\(1\)>\\u001b\[2J\\u0007\\u202e".*x…, process 1, /),
    ]);
    expect(stdout).not.toMatch(controls);
  });

  it("shows the path of a plan so that a shell reads it, and a terminal does not", async () => {
    const manifest = JSON.parse(text);
    writeFileSync(manifestPath, JSON.stringify({ ...manifest, planFile: markup }));
    const { status, stdout } = await flatwardHere("status", folder);
    expect(status).toBe(0);
    expect(stdout).toContain(`To retry:    ${flatwardLine("sweep", markup)}`);
    expect(stdout).not.toMatch(controls);
  });
});

describe("a manifest with a name that is not visible", () => {
  it.each([["name"], ["engine"], ["data.0.name"]])("in %s is refused", async (place) => {
    const manifest: Loose = JSON.parse(text);
    replacePart(manifest, place.split("."), markup);
    writeFileSync(manifestPath, JSON.stringify(manifest));
    const { status, stderr } = await flatwardHere("status", folder);
    expect([status, stderr]).toEqual([3, expect.stringContaining("it has characters that are not visible")]);
    expect(stderr).not.toMatch(controls);
  });
});

describe.skipIf(process.platform === "win32")("a quoted word", () => {
  it.each(["plain-1.0", "two words", "it's", markup, "a\nb'\\", "\u200d日本\x1b1"])(
    "%j is what bash reads",
    (word) => {
      const quoted = quote(word);
      expect(quoted).not.toMatch(controls);
      expect(execFileSync("bash", ["-c", `printf %s ${quoted}`], { encoding: "utf8" })).toBe(word);
    },
  );
});
