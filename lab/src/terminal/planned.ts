import { existsSync } from "node:fs";
import { LabError } from "../errors.js";
import { engine } from "../experiment/provenance.js";
import { allowanceOf, type MeasuredCost } from "../sweep/budget.js";
import type { Plan } from "../sweep/description.js";
import { type Manifest, manifestOf, readManifest } from "../sweep/manifest.js";
import { storeIn } from "../sweep/store.js";

/**
 * The manifest of a plan whose results lie in a folder. With a budget of time, what steps take is measured, unless the
 * folder knows it from before: so the same command goes on with the same steps.
 * @param before what was measured for other plans
 * @throws LabError, FlatwardError
 */
export function plannedIn(plan: Plan, folder: string, before: readonly MeasuredCost[] = []): Manifest {
  const { budget } = plan.description;
  const known = budget === "time" ? [...before, ...costsIn(folder)] : [];
  let told = false;
  const allowance = allowanceOf(budget, known, () => {
    if (!told) process.stderr.write("flatward: measuring what a step of each method takes\n");
    told = true;
  });
  return manifestOf(plan, engine(), allowance);
}

/** Costs that a manifest in this folder holds; one of another version of flatward holds none that count. */
function costsIn(folder: string): readonly MeasuredCost[] {
  const { manifestPath } = storeIn(folder);
  try {
    return existsSync(manifestPath) ? (readManifest(manifestPath).costs ?? []) : [];
  } catch (error) {
    if (error instanceof LabError) return [];
    throw error;
  }
}
