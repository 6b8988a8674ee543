import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Quartiles } from "../statistics.js";

/** One peer at one work; times in seconds. */
export interface PeerResult {
  readonly peer: string;
  readonly way: string;
  readonly seconds: Quartiles;
  /** Its time over flatward's of the same round: above 1, flatward is ahead. */
  readonly ratio: Quartiles;
  readonly first: number;
  readonly note: string;
  /** Difference of its result from flatward's, relative to the result's norm. */
  readonly difference: number;
}

export interface Row {
  readonly work: string;
  readonly shape: string;
  readonly date: string;
  readonly load: readonly [before: number, after: number];
  readonly rounds: number;
  /** Of the wall, or of the processor where other work disturbs. */
  readonly clock: "seconds" | "cpuSeconds";
  readonly results: readonly PeerResult[];
}

export interface Results {
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

const path = fileURLToPath(new URL("../../peers/measured.json", import.meta.url));

export function savedResults(): Results | undefined {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** In the place of rows of the same name; rows of another machine are dropped. */
export function saveResults(results: Results): void {
  const before = savedResults();
  const kept =
    before?.machine === results.machine
      ? before.rows.filter(
          ({ work, shape }) => !results.rows.some((row) => row.work === work && row.shape === shape),
        )
      : [];
  const rows = [...kept, ...results.rows];
  writeFileSync(path, `${JSON.stringify({ ...results, rows }, null, 1)}\n`);
}
