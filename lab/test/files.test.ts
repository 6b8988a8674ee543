import { constants } from "node:buffer";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LabError } from "../src/errors.js";
import { prepareFolder, readBytes, textOf } from "../src/files.js";
import { command } from "./support/clusters.js";
import { writePictures } from "./support/idx-files.js";
import { flatward, scratch } from "./support/run.js";
import { tiny, writePlan } from "./support/sweeps.js";

const root = scratch();
const at = (name: string) => join(root, name);
const shell = (line: string, ...args: string[]) =>
  spawnSync("bash", ["-c", line, "bash", process.execPath, command, ...args], {
    encoding: "utf8",
    timeout: 30_000,
  });

describe.skipIf(process.platform === "win32")("what is no file", () => {
  execFileSync("mkfifo", [at("pipe")]);
  symlinkSync("/dev/zero", at("link"));
  mkdirSync(at("folder.csv"));
  writePictures(root, "train", { count: 3 });
  rmSync(at("train-images-idx3-ubyte"));
  symlinkSync("/dev/zero", at("train-images-idx3-ubyte"));

  const cases: readonly [what: string, path: string, says: string][] = [
    ["a device without end", "/dev/zero", "it is a device, or a pipe"],
    ["a link to one", at("link"), "it is a device, or a pipe"],
    [
      "a pipe that nobody writes to",
      at("pipe"),
      "it is a pipe that nobody writes to, or that was read before",
    ],
    ["a folder", at("folder.csv"), "it is a folder"],
  ];
  it.each(cases)("%s is not read", (_, path, says) => {
    const error = new LabError("file", `cannot read ${path}: ${says}`);
    expect(() => readBytes(path)).toThrow(error);
  });

  it.each([
    ["data", ["verify", at("link")]],
    ["pictures", ["compare", at("train-images-idx3-ubyte"), "--output", at("out")]],
    ["a plan", ["sweep", "/dev/zero", "--dry-run"]],
    ["a sweep", ["run", "--of", "/dev/zero", "--index", "0"]],
  ])("ends a command with code 4 where it is given for %s", (_, args) => {
    const { status, stderr } = flatward(...args);
    expect([status, stderr]).toEqual([
      4,
      expect.stringMatching(
        /^flatward: cannot read .*: (?:it is a device, or a pipe|what comes out of a pipe comes once, .*)\n$/,
      ),
    ]);
  });

  it("and what is too long for a text is refused", () => {
    const bytes = Buffer.alloc(constants.MAX_STRING_LENGTH + 1, "a");
    expect(() => textOf(bytes, "long.csv", "data", "cut it")).toThrow(
      `long.csv: expected text in UTF-8, got ${bytes.length} bytes, too many for one text; cut it`,
    );
  });

  it("that is a pipe is read to its end, also when its writer takes its time", () => {
    const plan = writePlan(root, tiny);
    const slowly = '(head -c 100 "$3"; sleep 0.3; tail -c +101 "$3")';
    for (const line of [
      '"$1" "$2" sweep --dry-run /dev/stdin < "$3"',
      `${slowly} | "$1" "$2" sweep --dry-run /dev/stdin`,
      `"$1" "$2" sweep --dry-run <(sleep 0.3; ${slowly})`,
      `${slowly} > "$4" & "$1" "$2" sweep --dry-run "$4"`,
      `${slowly} | "$1" "$2" run --index 0 --output "$5" --of /dev/stdin`,
    ]) {
      const { status, stderr } = shell(line, plan, at("pipe"), at("piped"));
      expect([line, status, stderr.includes("cannot")]).toEqual([line, 0, false]);
    }
  });

  it("that is a pipe without end is read to a limit", () => {
    const { status, stderr } = shell('"$1" "$2" verify <(yes)');
    expect([status, stderr]).toEqual([
      4,
      expect.stringContaining("more than 536870912 bytes come out of it"),
    ]);
  });

  it("is a damaged file of a sweep: computed again, or said", () => {
    const plan = writePlan(root, tiny, "damaged.json");
    const out = at("damaged");
    expect(flatward("sweep", plan, "--output", out).status).toBe(0);
    const [first, second] = readdirSync(join(out, "cells")).map((name) => join(out, "cells", name));
    rmSync(first);
    mkdirSync(first.replace(/json$/, "checkpoint"));
    rmSync(second);
    execFileSync("mkfifo", [second]);
    const shown = flatward("status", out);
    expect([shown.status, shown.stderr]).toEqual([0, expect.stringContaining("1 record in")]);
    const { status, stdout, stderr } = flatward("sweep", plan, "--output", out);
    expect([status, stdout]).toEqual([0, expect.stringContaining("2 done before, 2 computed now")]);
    expect(stderr).toContain("its checkpoint is damaged or of another version");
  });
});

describe("a folder to write to", () => {
  it("is made with those that it lies in, and may be there", () => {
    for (const folder of [at("new/a/b"), at("new/a/b"), `${at("new/c")}/`]) prepareFolder(folder);
    expect(readdirSync(at("new"), { recursive: true }).sort()).toEqual(["a", join("a", "b"), "c"]);
  });

  // Node's own way of making folders never ended there.
  it.runIf(process.platform === "linux")("is refused where the system lets nobody make one", () => {
    expect(() => prepareFolder("/proc/flatward/results")).toThrow(/cannot write to .*choose another folder/);
  });
});
