import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readPlan } from "../../src/sweep/description.js";
import { type Manifest, manifestOf } from "../../src/sweep/manifest.js";
import { scratch } from "./run.js";
import { type PlanContent, tiny, writePlan } from "./sweeps.js";

/** The manifest of a plan, as by an engine that never changes. */
export function manifest(content: PlanContent, { folder = scratch(), by = "test-engine" } = {}): Manifest {
  return manifestOf(readPlan(writePlan(folder, content)), by);
}

export const identities = (content: PlanContent, options?: Parameters<typeof manifest>[1]) =>
  manifest(content, options).cells.map(({ id }) => id);

/** Two columns that may be the label, and numbers in both. */
export const csv = `u,v,kind,group\n${Array.from({ length: 32 }, (_, i) => `${Math.sin(i)},${Math.cos(3 * i)},${i % 2},${i % 4}`).join("\n")}\n`;

export function withCsv(name = "own.csv", text = csv): { folder: string; plan: PlanContent } {
  const folder = scratch();
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return { folder, plan: { ...tiny, data: { name: "csv", path: name } } };
}
