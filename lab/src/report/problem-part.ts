import { html, type SafeHtml } from "@remix-run/html-template";
import { measureGroupIds } from "../experiment/measures/measure.js";
import { measures } from "../experiment/measures/measures.js";
import type { ProblemResult, SweepResults } from "../sweep/results.js";
import { figureWithCells } from "./cells.js";
import type { Figure } from "./figure.js";
import { mainFinding } from "./findings.js";
import { spreadText } from "./format.js";
import { mathText } from "./math-text.js";
import { findingBlock, folded, inLine, lines } from "./parts.js";
import { drawnOf, MAX_DRAWN } from "./problem-figures.js";
import { problemSettings } from "./settings.js";
import { differenceTable, keyTable, summaryTable } from "./tables.js";
import { foldedTable, tableBlock } from "./titled-table.js";

type Description = SweepResults["description"];

/** What a problem's results show, as sentences. */
export function problemFindings(problem: ProblemResult, { budget }: Description): string[] {
  const finding = mainFinding(problem, budget);
  return finding === undefined ? [] : [finding];
}

/** The first picture of a problem and the table of its methods; nothing before its first result. */
export function problemHead(
  problem: ProblemResult,
  [picture]: readonly Figure[],
  description: Description,
): SafeHtml | undefined {
  if (isEmpty(problem)) return undefined;
  return lines([
    picture && pictureOf(problem, picture),
    tableBlock({ ...keyTable(problem), note: keyNote(problem, description) }),
  ]);
}

/** All else of a problem, each behind its title. */
export function problemDetails(
  problem: ProblemResult,
  [, ...pictures]: readonly Figure[],
  description: Description,
): SafeHtml | undefined {
  if (isEmpty(problem)) return undefined;
  const { groups } = problem;
  const differences = measureGroupIds.flatMap((group) => differenceTable(problem, group) ?? []);
  return lines([
    ...pictures.map((figure) => folded(figure.title, pictureOf(problem, figure))),
    ...measureGroupIds.flatMap((group) => summaryTable([problem], group) ?? []).map(foldedTable),
    differences.length === 0
      ? undefined
      : folded(
          `Against ${groups[0].label}, seed by seed`,
          html`<p class="note">Mean difference and its 95 % confidence interval (Student, paired by seed); bold where the interval excludes zero. What does not vary from seed to seed has none. Many comparisons are made, and none is corrected for the others.</p>
${lines(differences.map(tableBlock))}`,
        ),
    folded("What the columns mean", explanations(problem)),
    folded("Settings", problemSettings(problem, description.budget)),
  ]);
}

/** A whole problem behind its name. */
export function foldedProblem(
  problem: ProblemResult,
  figures: readonly Figure[],
  description: Description,
): SafeHtml {
  return folded(
    problem.label === "" ? "Methods side by side" : problem.label,
    isEmpty(problem)
      ? html`<p class="note">No cell is done yet.</p>`
      : lines([
          findingBlock(problemFindings(problem, description)),
          problemHead(problem, figures, description),
          problemDetails(problem, figures, description),
        ]),
  );
}

function isEmpty({ groups }: ProblemResult): boolean {
  return groups.every(({ cells }) => cells.length === 0);
}

function pictureOf(problem: ProblemResult, figure: Figure): SafeHtml {
  return figureWithCells(figure, [{ ...problem, groups: drawnOf(problem) }]);
}

/** Over which seeds the table is, and of what the curvature. */
function keyNote(problem: ProblemResult, { curvatureSamples }: Description): string {
  const { groups } = problem;
  const some = groups.length > MAX_DRAWN ? ` Pictures show ${MAX_DRAWN} of the ${groups.length} groups.` : "";
  return `${spreadText(groups)}; every seed draws its own split and starting point, the same for all methods. ${curvatureNote(problem, curvatureSamples)}${some}`;
}

/** Which Hessian it is, of which samples, and whether all its eigenvalues were computed. */
function curvatureNote(
  { groups, parameters, trainingSamples }: ProblemResult,
  samples: number = Number.POSITIVE_INFINITY,
): string {
  const part = samples < (trainingSamples ?? 0) ? `, on ${samples} training samples that the seed draws` : "";
  const all = "negative" in groups[0].summary && parameters !== null;
  return `Curvature is that of the Hessian of the training loss (without penalties) at the end of training${part}${all ? `; all ${parameters} eigenvalues are exact` : ""}.`;
}

function explanations({ groups }: ProblemResult): SafeHtml {
  const shown = measures.filter(({ id }) => id in groups[0].summary);
  return html`<p class="note">${inLine(shown.map(({ label, explanation }) => html`<b>${mathText(label)}</b>: ${mathText(explanation)}.`))}</p>`;
}
