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

/** Runs the built command line as a user would. */
export function flatward(...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

/**
 * The same, from the sources and in this process, which takes a fiftieth of the time: for commands that are refused before
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
