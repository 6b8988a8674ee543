import { join } from "node:path";
import { writeAtomically } from "../../../files.js";
import { standaloneSvg } from "../../../report/figure.js";
import type { ProblemOutcome } from "../results.js";
import { rivalFigures } from "./figures.js";
import { rivalsPage } from "./html.js";

export interface WrittenRivals {
  readonly json: string;
  readonly jsonPath: string;
  readonly pagePath: string;
}

/** Writes `rivals.json`, `rivals.html` and its pictures. @throws LabError "file" */
export async function writeRivals(
  outcomes: readonly ProblemOutcome[],
  folder: string,
): Promise<WrittenRivals> {
  const jsonPath = join(folder, "rivals.json");
  const pagePath = join(folder, "rivals.html");
  const json = `${JSON.stringify({ format: "flatward-rivals/1", problems: outcomes }, null, 1)}\n`;
  writeAtomically(jsonPath, json);
  const figures = await Promise.all(outcomes.map((outcome, i) => rivalFigures(outcome, `${i + 1}-`)));
  for (const figure of figures.flat())
    writeAtomically(join(folder, `${figure.name}.svg`), standaloneSvg(figure));
  writeAtomically(pagePath, rivalsPage(outcomes, figures));
  return { json, jsonPath, pagePath };
}
