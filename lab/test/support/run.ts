import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const command = fileURLToPath(new URL("../../bin/flatward.js", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What Node 20 says where it aborts, once in many hundred runs: V8 had a task for a thread that has ended. */
const NODES_OWN_CRASH = "NodePlatform::ForIsolate";

/** Runs the built command line as a user would, and again where Node itself has crashed. @throws Error where a signal has ended it */
export function flatward(...args: string[]): Outcome {
  const first = run(args);
  const { status, stdout, stderr, signal } = first.stderr.includes(NODES_OWN_CRASH) ? run(args) : first;
  if (signal !== null)
    throw new Error(`flatward ${args.join(" ")} was ended by ${signal}: ${stderr.slice(-2000)}`);
  return { status, stdout, stderr };
}

function run(args: readonly string[]) {
  return spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
}

/**
 * A command line from the sources and in this process, which takes a fiftieth of the time: for commands that are refused before
 * anything is computed, since what is computed in threads needs what is built.
 */
export async function flatwardHere(...args: string[]): Promise<Outcome> {
  const { main } = await import("../../src/cli/main.js");
  const texts = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const before = streams.map((name) => ({
    write: process[name].write,
    heard: process[name].listeners("error"),
  }));
  for (const name of streams)
    process[name].write = (chunk: string | Uint8Array) => {
      texts[name] += stripVTControlCharacters(String(chunk));
      return true;
    };
  try {
    return { status: await main(["node", "flatward", ...args]), ...texts };
  } finally {
    streams.forEach((name, i) => {
      process[name].write = before[i].write;
      for (const listener of process[name].listeners("error"))
        if (!before[i].heard.includes(listener)) process[name].off("error", listener as () => void);
    });
  }
}

/** An empty folder that nothing else uses. */
export function scratch(): string {
  return mkdtempSync(join(tmpdir(), "flatward-test-"));
}
