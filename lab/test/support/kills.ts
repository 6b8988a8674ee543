import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RandomStream } from "flatward";
import { expect } from "vitest";
import { cellsIn, leftoversIn, stampsIn, start } from "./sweeps.js";

/** Whatever else is in a folder of results: every file under its final name is whole. */
export function expectNothingTorn(out: string): void {
  for (const name of ["manifest.json", "results.json"]) {
    const path = join(out, name);
    if (existsSync(path)) JSON.parse(readFileSync(path, "utf8"));
  }
  if (!existsSync(out)) return;
  for (const name of readdirSync(out).filter((name) => /^[^.].*\.(html|svg)$/.test(name)))
    expect(readFileSync(join(out, name), "utf8").trimEnd()).toMatch(/<\/(html|svg)>$/);
}

/** The names and times of the files in `cells/`: changes whenever something is written there. */
function look(out: string): string {
  try {
    return readdirSync(join(out, "cells"))
      .map((name) => `${name} ${statSync(join(out, "cells", name)).mtimeMs}`)
      .join();
  } catch {
    return "";
  }
}

/** How often one is killed: a few times, or as often as KILLS says. */
export function killsFrom(few: number): number {
  return Number(process.env.KILLS ?? few);
}

/** A command that was killed again and again until it came to its end, or had been killed often enough. */
export interface Survival {
  readonly kills: number;
  /** Cells that went on from a checkpoint. */
  readonly resumed: number;
}

/**
 * Runs a command, kills it with all its threads at random moments, and runs it again, until it ends by itself: after at
 * most `kills` times. What was finished once must stay as it is, and no file may be torn.
 */
export async function surviveKills(
  command: readonly string[],
  out: string,
  cells: number,
  kills: number,
  random: RandomStream,
): Promise<Survival> {
  let killed = 0;
  let before: Record<string, string> = {};
  for (; ; killed++) {
    const running = start(command);
    if (killed < kills) {
      // Some moments are counted in milliseconds, others in what is written.
      if (killed % 3 === 0) await Promise.race([sleep(1200 * random.uniform()), running.ended]);
      else {
        let changes = 1 + Math.floor(6 * random.uniform());
        for (let seen = look(out); changes > 0 && running.isRunning(); await sleep(1)) {
          const now = look(out);
          if (now !== seen) changes--;
          seen = now;
        }
      }
      running.kill();
    }
    const { status, signal, stdout } = await running.ended;
    expectNothingTorn(out);
    expect(cellsIn(out).size).toBeLessThanOrEqual(cells);
    expect(stampsIn(out)).toMatchObject(before);
    const done = Object.keys(before).length;
    before = stampsIn(out);
    if (signal === "SIGKILL") continue;
    expect(status).toBe(0);
    // It says itself that nothing was computed twice.
    const counts = `${done > 0 ? `${done} done before, ` : ""}${cells - done} computed now`;
    expect(stdout).toContain(`${cells} cells: ${counts}\n`);
    break;
  }
  expect(leftoversIn(out)).toEqual([]);
  const records = [...cellsIn(out).values()].map(({ record }) => record);
  const resumed = records.filter(({ provenance }) => provenance.resumedAt !== null).length;
  return { kills: killed, resumed };
}
