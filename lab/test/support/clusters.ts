import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CellRecord } from "../../src/sweep/record.js";
import { flatward, scratch } from "./run.js";

export const command = fileURLToPath(new URL("../../bin/flatward.js", import.meta.url));

/** Short cells, and two long enough to be caught in the middle. */
const plan = {
  name: "small",
  data: "iris",
  network: { hidden: 3 },
  methods: [
    { name: "gradient-descent", learningRate: 0.3, momentum: 0.5 },
    { name: "hsr", learningRate: 0.3, strength: [0.01, 0.1] },
  ],
  training: { steps: [20, 4000], batchSize: 50 },
  seeds: [1, 2],
  measures: ["trainLoss", "lambdaMax", "curve", "theta"],
};

/** Changes that make the only cell fail: the penalty overflows before the first step. */
export const failing = {
  network: { hidden: 3, loss: "mean-squared-error" },
  methods: [{ name: "hsr", learningRate: 0.1, strength: 1e308 }],
  training: { steps: 5 },
  seeds: [1],
};

/** A plan's file in an empty folder. */
export function planFile(changes: object = {}): string {
  const path = join(scratch(), "small.json");
  writeFileSync(path, JSON.stringify({ ...plan, ...changes }));
  return path;
}

/** All records of a results folder by identity, as text without what may differ from one time to the next. */
export function reproducible(folder: string): Map<string, string> {
  const cells = join(folder, "cells");
  const names = readdirSync(cells).filter((name) => name.endsWith(".json"));
  return new Map(
    names.map((name) => {
      const { provenance: _, ...rest }: CellRecord = JSON.parse(readFileSync(join(cells, name), "utf8"));
      return [name, JSON.stringify(rest)];
    }),
  );
}

/** What the same plan gives when nothing disturbs it. */
export function undisturbed(path: string): Map<string, string> {
  const folder = scratch();
  const { status, stderr } = flatward("sweep", path, "--output", folder);
  if (status !== 0) throw new Error(stderr);
  return reproducible(folder);
}

/** Whether a program is there; a message when it is not, so that a skipped test is seen. */
export function installed(program: string, needed: string): boolean {
  const there = spawnSync("which", [program]).status === 0;
  if (!there)
    console.warn(`${program} is not installed: ${needed} is not tested (apt-get install ${needed})`);
  return there;
}

/** Starts a program in a process group of its own; everything it says is collected. */
export function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += part));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, ended, said: () => said };
}

/** Starts a Redis server that keeps nothing. @param options of its own, where PORT is the port that it gets */
export async function startRedis(options: readonly string[] = ["--port", "PORT"]) {
  const port = await freePort();
  const own = options.map((option) => (option === "PORT" ? `${port}` : option));
  const redis = start("redis-server", ["--save", "", "--dir", scratch(), "--bind", "127.0.0.1", ...own]);
  await until(() => /Ready to accept connections|FATAL/.test(redis.said()), "redis-server");
  if (redis.said().includes("FATAL")) throw new Error(redis.said());
  return { ...redis, port };
}

/** Kills a process and all that it started, at once. */
export function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid as number), "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Waits until something holds, for as long as a slow machine may need. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 120_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`gave up waiting: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
