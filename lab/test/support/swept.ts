import { join } from "node:path";
import { expect } from "vitest";
import { openSweep } from "../../src/terminal/choose-cells.js";
import { flatward, scratch } from "./run.js";
import { type PlanContent, tiny, writePlan } from "./sweeps.js";

/** A plan in a folder of its own, and a place for its results. */
export function prepared(content: PlanContent = tiny): { folder: string; plan: string; out: string } {
  const folder = scratch();
  return { folder, plan: writePlan(folder, content), out: join(folder, "out") };
}

/** Runs a sweep that must end well. */
export function swept(plan: string, out: string, ...options: string[]): string {
  const { status, stdout, stderr } = flatward("sweep", plan, "--output", out, ...options);
  expect(stderr).not.toMatch(/flatward:/);
  expect(status).toBe(0);
  return stdout;
}

/** What became of every cell so far, in the order of the manifest. */
export function state(
  out: string,
): { readonly state: string; readonly error?: { readonly message: string } }[] {
  const { manifest, store } = openSweep(out);
  return manifest.cells.map(({ id }) => {
    const found = store.state(id);
    return "record" in found && found.record.error !== undefined
      ? { state: found.state, error: found.record.error }
      : { state: found.state };
  });
}
export const states = (out: string) => state(out).map((cell) => cell.state);
