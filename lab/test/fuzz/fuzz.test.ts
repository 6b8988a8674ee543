// What is read from outside, in every format: it is read, or refused with a sentence; never in many seconds, never with
// more memory than its size explains.

import fc from "fast-check";
import { FlatwardError } from "flatward";
import { describe, expect, it } from "vitest";
import { LabError } from "../../src/errors.js";
import { checkpoint } from "./checkpoint.js";
import { csv } from "./csv.js";
import { gzip, idx } from "./idx.js";
import type { Kind } from "./kind.js";
import { manifest } from "./manifest.js";
import { plan } from "./plan.js";
import { record } from "./record.js";

const kinds: readonly Kind[] = [csv, idx, gzip, plan, record, manifest, checkpoint];

/** Of all kinds together; `npm run fuzz` says how many, 20,000 unless it is told otherwise. */
const { FUZZ_INPUTS } = process.env;
const isLarge = FUZZ_INPUTS !== undefined;
const inputs = Number(FUZZ_INPUTS ?? 210);
const numRuns = Math.ceil(inputs / kinds.length);

/** Of CPU time, whatever else the machine does; more is a hang. */
const MOST_SECONDS = 5;
const MOST_MEGABYTES = 1000;

interface Counts {
  read: number;
  refused: number;
  nothing: number;
  seconds: number;
}

/** Reads one input, and counts what came of it. @throws whatever is no sentence for a user */
function tryOne(kind: Kind, bytes: Uint8Array, counts: Counts): void {
  const before = process.cpuUsage();
  try {
    counts[kind.read(bytes) === undefined ? "nothing" : "read"]++;
  } catch (error) {
    if (!(error instanceof LabError || error instanceof FlatwardError)) throw error;
    counts.refused++;
    // A message is for a terminal.
    expect(error.message).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]+(?:\n {10}[^\p{Cc}\p{Zl}\p{Zp}]+)*$/u);
    expect(error.message).not.toMatch(/call stack/);
    expect(error.message.length).toBeLessThan(10_000);
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  counts.seconds = Math.max(counts.seconds, seconds);
  expect(seconds).toBeLessThan(MOST_SECONDS);
}

describe(`${inputs} inputs from outside`, { timeout: isLarge ? 3_600_000 : 60_000 }, () => {
  it.each(kinds)("$name are read, or refused with a sentence", (kind) => {
    const counts: Counts = { read: 0, refused: 0, nothing: 0, seconds: 0 };
    fc.assert(
      fc.property(kind.inputs, (bytes) => tryOne(kind, bytes, counts)),
      { numRuns },
    );
    expect(counts.read).toBeGreaterThan(0);
    expect(counts.read + counts.refused + counts.nothing).toBe(numRuns);
    const megabytes = process.resourceUsage().maxRSS / 1024;
    if (!isLarge) return;
    console.log(
      `${kind.name}: ${numRuns} inputs, ${counts.read} read, ${counts.refused} refused, ${counts.nothing} as good as none; at most ${counts.seconds.toFixed(2)} s of CPU time, ${megabytes.toFixed(0)} MB`,
    );
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });
});
