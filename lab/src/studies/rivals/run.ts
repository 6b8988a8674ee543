import { join } from "node:path";
import type { MethodConfig } from "../../experiment/methods.js";
import { engine } from "../../experiment/provenance.js";
import { allowanceOf, type MeasuredCost } from "../../sweep/budget.js";
import type { Manifest } from "../../sweep/manifest.js";
import { manifestOf } from "../../sweep/manifest.js";
import { collect, type SweepResults } from "../../sweep/results.js";
import { storeIn } from "../../sweep/store.js";
import { missingRecords, requireComplete } from "../../terminal/outcome.js";
import { plannedIn } from "../../terminal/planned.js";
import { runHere } from "../../terminal/sweeping.js";
import type { SweepingOptions } from "../../terminal/sweeping-options.js";
import { chosenOf } from "./choose.js";
import type { RivalProblem } from "./problems.js";
import { only, type ProblemOutcome } from "./results.js";

/** Runs a manifest's cells in a folder, or what is missing of them. @throws LabError where it was stopped */
async function completed(
  manifest: Manifest,
  folder: string,
  options: SweepingOptions,
): Promise<SweepResults> {
  const store = storeIn(folder);
  store.writeManifest(manifest);
  const outcome = await runHere(manifest, store, options);
  requireComplete(outcome, missingRecords(manifest, store), folder, options);
  return collect(manifest, store);
}

const placeOf = (folder: string, problem: number, phase: string) => join(folder, `${problem + 1}`, phase);

/** Where the tuning of a problem lies, counted from 0. */
export const tuningFolder = (folder: string, problem: number): string => placeOf(folder, problem, "tuning");

/** Every method at its best. */
const bestOf = (tuned: SweepResults): MethodConfig[] =>
  chosenOf(only(tuned)).map(({ method }) => method as MethodConfig);

/**
 * Tunes and compares, problem by problem; equal gradients come last. What a step takes is measured for the tuning, and
 * the comparison at equal time goes by the same numbers.
 * @param onProgress with what there is so far
 * @throws LabError where it was stopped: the same call goes on
 */
export async function runRivals(
  problems: readonly RivalProblem[],
  folder: string,
  seeds: number,
  options: SweepingOptions,
  onProgress: (outcomes: readonly ProblemOutcome[]) => Promise<void>,
): Promise<void> {
  const outcomes: ProblemOutcome[] = [];
  const costs: MeasuredCost[] = [];
  for (const [i, { label, tuning, comparison }] of problems.entries()) {
    // What a step takes is measured once for all problems that it is the same for.
    const manifest = plannedIn(tuning, tuningFolder(folder, i), costs);
    costs.push(...(manifest.costs ?? []));
    const tuned = await completed(manifest, tuningFolder(folder, i), options);
    const chosen = bestOf(tuned);
    const atTime = manifestOf(
      comparison("time", chosen, seeds),
      engine(),
      allowanceOf("time", manifest.costs),
    );
    const results = await completed(atTime, placeOf(folder, i, "time"), options);
    outcomes.push({ label, tuning: tuned, comparisons: [{ budget: "time", results }] });
    await onProgress(outcomes);
  }
  for (const [i, { comparison }] of problems.entries()) {
    const { tuning, comparisons } = outcomes[i];
    const chosen = bestOf(tuning);
    const results = await completed(
      manifestOf(comparison("gradients", chosen, seeds)),
      placeOf(folder, i, "gradients"),
      options,
    );
    outcomes[i] = { ...outcomes[i], comparisons: [...comparisons, { budget: "gradients", results }] };
    await onProgress(outcomes);
  }
}
