import { join } from "node:path";
import { writeAtomically } from "../files.js";
import type { Manifest } from "../sweep/manifest.js";
import { collect, type SweepResults } from "../sweep/results.js";
import type { Store } from "../sweep/store.js";
import type { Chapter } from "./chapter.js";
import { type Figure, standaloneSvg } from "./figure.js";
import { MAX_SECTIONS, sweepReport } from "./html.js";
import { problemFigures } from "./problem-figures.js";
import { resultsCsv } from "./results-csv.js";
import { sweepFigures } from "./sweep-figures.js";

export interface WrittenReport {
  readonly results: SweepResults;
  readonly json: string;
  readonly reportPath: string;
  readonly resultsPath: string;
}

/** Writes `results.json`, `results.csv`, `report.html` and the figures of a sweep, as far as it has come. @throws LabError "file" */
export async function writeReport(
  manifest: Manifest,
  store: Store,
  chapters: readonly Chapter[],
): Promise<WrittenReport> {
  const results = collect(manifest, store);
  const resultsPath = join(store.folder, "results.json");
  const reportPath = join(store.folder, "report.html");
  const json = `${JSON.stringify(results, null, 1)}\n`;
  writeAtomically(resultsPath, json);
  writeAtomically(join(store.folder, "results.csv"), resultsCsv(results));

  const { problems } = results;
  const overall = await sweepFigures(
    results,
    store,
    chapters.flatMap(({ figures }) => figures ?? []),
  );
  const perProblem: Figure[][] = [];
  if (problems.length <= MAX_SECTIONS)
    for (const [i, problem] of problems.entries()) {
      const prefix = problems.length === 1 ? "" : `${i + 1}-`;
      perProblem.push(await problemFigures(problem, store, prefix));
    }
  for (const figure of [...overall, ...perProblem.flat()])
    writeAtomically(join(store.folder, `${figure.name}.svg`), standaloneSvg(figure));
  const planFile = manifest.planFile ?? store.manifestPath;
  writeAtomically(
    reportPath,
    sweepReport(results, { overall, problems: perProblem }, chapters, planFile, store.folder),
  );
  return { results, json, reportPath, resultsPath };
}
