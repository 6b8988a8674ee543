import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { CellRecord } from "../../src/sweep/record.js";

/** The built command line. */
export const program = fileURLToPath(new URL("../../bin/flatward.js", import.meta.url));

/** A description, loosely typed: tests write wrong ones too. */
export type PlanContent = Readonly<Record<string, unknown>>;

/** Cells that take no time: two methods, two seeds. */
export const tiny: PlanContent = {
  data: "iris",
  network: { hidden: 2 },
  methods: [
    { name: "gradient-descent", learningRate: 0.1 },
    { name: "hsr", learningRate: 0.1, strength: 0.01 },
  ],
  training: { steps: 12 },
  seeds: [1, 2],
  measures: ["trainLoss", "lambdaMax", "theta"],
};

/** Writes a plan; JSON, which is YAML too. */
export function writePlan(folder: string, content: PlanContent, name = "plan.json"): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content, null, 2));
  return path;
}

/** What a process wrote, and how it ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  isRunning(): boolean;
  /** So far. */
  stderr(): string;
  /** To the process alone. */
  signal(name: NodeJS.Signals): void;
  /** To its whole group. */
  kill(): void;
  /** Waits for a condition; fails when the process ends before. */
  until(what: string, condition: () => boolean): Promise<void>;
}

const groups = new Set<number>();
process.on("exit", () => {
  for (const pid of groups) killGroup(pid);
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

/** Starts the command line in a process group of its own. */
export function start(
  args: readonly string[],
  { cwd, env }: { cwd?: string; env?: Record<string, string> } = {},
): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    detached: true,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = child.pid as number;
  groups.add(pid);
  let stdout = "";
  let stderr = "";
  let running = true;
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => {
      running = false;
      groups.delete(pid);
    });
    child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return {
    ended,
    isRunning: () => running,
    stderr: () => stderr,
    signal: (name) => void child.kill(name),
    kill: () => killGroup(pid),
    async until(what, condition) {
      while (!condition()) {
        if (!running) throw new Error(`the process ended before ${what}:\n${stdout}\n${stderr}`);
        await sleep(3);
      }
    },
  };
}

/** Starts the command line, and waits for its end. */
export function finish(args: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** A file in `cells/`. */
export interface CellFile {
  readonly id: string;
  readonly text: string;
  readonly record: CellRecord;
  /** Changes whenever the file is written, with the same bytes too. */
  readonly stamp: string;
}

/** Every record of a sweep, by identity; each must be whole and its hash right. */
export function cellsIn(folder: string): Map<string, CellFile> {
  const cells = join(folder, "cells");
  const names = existsSync(cells) ? readdirSync(cells).filter((name) => /^[^.].*\.json$/.test(name)) : [];
  return new Map(
    names.sort().map((name) => {
      const path = join(cells, name);
      const { ino, mtimeMs } = statSync(path);
      const text = readFileSync(path, "utf8");
      const id = name.replace(".json", "");
      const record = JSON.parse(text) as CellRecord;
      const { sha256, provenance: _, ...content } = record;
      expect(sha256, `${path}: the hash of its content`).toBe(canonicalHash(content));
      expect(record.id).toBe(id);
      return [id, { id, text, record, stamp: `${ino} ${mtimeMs}` }];
    }),
  );
}

/** By identity, a digest of the bytes of every record but those of `provenance`, which comes last. */
export function resultsIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    [...cellsIn(folder)].map(([id, { text, record }]) => {
      expect(Object.keys(record).at(-1)).toBe("provenance");
      const bytes = text.slice(0, text.indexOf('\n "provenance": {'));
      return [id, createHash("sha256").update(bytes).digest("hex")];
    }),
  );
}

export function stampsIn(folder: string): Record<string, string> {
  return Object.fromEntries([...cellsIn(folder)].map(([id, { stamp }]) => [id, stamp]));
}

/** Names of files that have no place beside finished results. */
export function leftoversIn(folder: string): string[] {
  const cells = readdirSync(join(folder, "cells")).filter((name) => !/^[0-9a-f]{24}\.json$/.test(name));
  return [...cells, ...readdirSync(folder).filter((name) => /^\.|partial/.test(name))];
}

/** Identities of a manifest's cells, in its order. */
export function plannedIn(folder: string): string[] {
  const { cells } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
    cells: { id: string }[];
  };
  return cells.map(({ id }) => id);
}

/** SHA-256 of a value's JSON with all keys in order: written anew here, from the description of the format alone. */
export function canonicalHash(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  const object = value as Record<string, unknown>;
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`).join(",")}}`;
}

/** What goes wrong on purpose, see `faults.mjs`. */
export interface Fault {
  /** Paths inside are touched; everything else is left alone. */
  readonly folder: string;
  /** Functions of node:fs; all that write when absent. */
  readonly ops?: readonly string[];
  /** A regular expression for the file's name. */
  readonly name?: string;
  /** Which of the matching calls, counted from 1; none when absent. */
  readonly nth?: number;
  /** All calls from there on, not that one alone. */
  readonly onwards?: boolean;
  /** An error's code; or the process ends there, by SIGKILL. */
  readonly action?: "ENOSPC" | "EACCES" | "EROFS" | "kill";
  /** In the computing threads: the training step of a thread at which it throws, or takes all memory. */
  readonly thread?: { readonly step: number; readonly action: "throw" | "exhaust" };
  /** Every matching call is written down here. */
  readonly log?: string;
}

/** The environment in which a process suffers a fault. */
export function suffering(fault: Fault, ...options: string[]): { env: Record<string, string> } {
  const preload = new URL("./faults.mjs", import.meta.url).href;
  const all = [`--import "${preload}"`, ...options].join(" ");
  return { env: { NODE_OPTIONS: all, FLATWARD_TEST_FAULT: JSON.stringify(fault) } };
}
