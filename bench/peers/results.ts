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

/** In the place of the row of the same name; rows of another machine or other versions are dropped. */
export function saveRow(machine: string, versions: Results["versions"], row: Row): void {
  const before = savedResults();
  const kept =
    before?.machine === machine && JSON.stringify(before.versions) === JSON.stringify(versions)
      ? before.rows.filter(({ work, shape }) => work !== row.work || shape !== row.shape)
      : [];
  writeFileSync(path, `${JSON.stringify({ machine, versions, rows: [...kept, row] }, rounded, 1)}\n`);
}

/** Four digits say all that a time can. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(4)) : value;
}
