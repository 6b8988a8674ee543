import { join } from "node:path";
import { writeAtomically } from "../files.js";
import type { Manifest } from "../sweep/manifest.js";
import { collect, type SweepResults } from "../sweep/results.js";
import type { Store } from "../sweep/store.js";
import { type Figure, MOST_DRAWN, problemFigures, standaloneSvg } from "./figures.js";
import { sweepReport } from "./html.js";
import { overviewFigure } from "./overview-figure.js";

/** Problems beyond which a report has tables and no more pictures. */
const MOST_ILLUSTRATED = 8;

export interface WrittenReport {
  readonly results: SweepResults;
  readonly json: string;
  readonly reportPath: string;
  readonly resultsPath: string;
}

/** Writes `results.json`, `report.html` and the figures of a sweep, as far as it has come. @throws LabError "file" */
export async function writeReport(manifest: Manifest, store: Store): Promise<WrittenReport> {
  const results = collect(manifest, store);
  const resultsPath = join(store.folder, "results.json");
  const reportPath = join(store.folder, "report.html");
  const json = `${JSON.stringify(results, null, 1)}\n`;
  writeAtomically(resultsPath, json);

  const { problems } = results;
  const perProblem: Figure[][] = [];
  for (const [i, problem] of problems.slice(0, MOST_ILLUSTRATED).entries()) {
    const prefix = problems.length === 1 ? "" : `${i + 1}-`;
    perProblem.push(await problemFigures(problem, manifest.description.measures, store, prefix));
  }
  const crowded = problems.length > 1 || problems[0].groups.length > MOST_DRAWN;
  const overview = crowded ? await overviewFigure(results) : undefined;
  for (const figure of [...(overview ? [overview] : []), ...perProblem.flat()])
    writeAtomically(join(store.folder, `${figure.name}.svg`), standaloneSvg(figure));
  const planFile = manifest.planFile ?? store.manifestPath;
  writeAtomically(reportPath, sweepReport(results, { overview, problems: perProblem }, planFile));
  return { results, json, reportPath, resultsPath };
}
