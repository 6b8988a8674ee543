import { measureGroupIds } from "../experiment/measures/measure.js";
import { measures } from "../experiment/measures/measures.js";
import { filtersSection } from "../studies/filters/section.js";
import { frameworkSection } from "../studies/framework/section.js";
import { boundsSection } from "../studies/tightness/section.js";
import type { ProblemResult, SweepResults } from "../sweep/results.js";
import { cellLinks, cellTable } from "./cells.js";
import { escapeHtml } from "./escape.js";
import { drawnOf, type Figure, MOST_DRAWN } from "./figures.js";
import { mainFinding } from "./findings.js";
import { spreadText } from "./format.js";
import { pageOf, section } from "./parts.js";
import { problemSettings, sweepSettings } from "./settings.js";
import { differenceTable, summaryTable } from "./tables.js";

export interface ReportFigures {
  /** Of the sweep as a whole. */
  readonly overall: readonly Figure[];
  /** Those of each problem, in the order of the results; none when there are too many problems. */
  readonly problems: readonly (readonly Figure[])[];
}

/** Problems beyond which they share one table, and have no section and pictures of their own. */
export const MOST_SECTIONS = 8;

/** A whole sweep as one page that needs nothing else: no script, no network. */
export function sweepReport(
  results: SweepResults,
  figures: ReportFigures,
  planFile: string,
  folder: string,
): string {
  const { problems, name, description } = results;
  const [only] = problems;
  const few = problems.length <= MOST_SECTIONS;
  return pageOf({
    title: name,
    kicker: name,
    heading: description.title ?? usualTitle(results),
    lead: [
      description.about === undefined ? "" : `<p>${escapeHtml(description.about)}</p>`,
      progressNote(results),
      problems.length === 1 ? finding(only) : "",
    ].join("\n"),
    body: `${boundsSection(results)}${filtersSection(results)}${frameworkSection(results)}
${figures.overall.map((figure) => figureBlock(figure, problems)).join("\n")}
${few ? problems.map((problem, i) => problemSection(problem, figures.problems[i] ?? [], results)).join("\n") : sharedSection(problems)}

${section(
  "What was run",
  `${sweepSettings(results)}
<h3>Cells</h3>
${cellTable(results, planFile, folder)}`,
)}`,
  });
}

function usualTitle({ problems }: SweepResults): string {
  const [{ data }] = problems;
  return problems.length === 1
    ? `How sharp are the minima? ${capitalize(data.name)}, ${data.samples} samples`
    : `How sharp are the minima? ${problems.length} problems`;
}

function progressNote({ counts }: SweepResults): string {
  const { planned, running, done, failed } = counts;
  const all = planned + running + done + failed;
  if (done === all) return "";
  const parts = [
    `${done} of ${all} cells are done`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(planned > 0 ? [`${planned} still to run`] : []),
  ];
  return `<p class="warning">${parts.join(", ")}. Everything below is of those that are done.</p>`;
}

function finding(problem: ProblemResult): string {
  const sentence = mainFinding(problem);
  return sentence === undefined ? "" : `<p class="finding">${escapeHtml(sentence)}</p>`;
}

function problemSection(
  problem: ProblemResult,
  figures: readonly Figure[],
  { problems: { length: count }, description: { budget, curvatureSamples } }: SweepResults,
): string {
  const { label, groups } = problem;
  const seeds = Math.max(...groups.map(({ cells }) => cells.length));
  if (seeds === 0)
    return `<section><h2>${escapeHtml(label)}</h2><p class="note">No cell is done yet.</p></section>`;
  const spread = spreadText(groups);
  const shown = measures.filter(({ id }) => id in groups[0].summary);
  const differences = measureGroupIds.map((group) => differenceTable(problem, group)).join("");
  const omitted =
    groups.length > MOST_DRAWN
      ? `<p class="note">Pictures show ${MOST_DRAWN} of the ${groups.length} groups.</p>`
      : "";
  return `<section>
<h2>${count === 1 ? "Methods side by side" : escapeHtml(label)}</h2>
${count === 1 ? "" : finding(problem)}
${measureGroupIds.map((group) => summaryTable([problem], group)).join("\n")}
<p class="note">${spread}; every seed draws its own split and starting point, the same for all methods.
${curvatureNote(problem, curvatureSamples)}
${shown.map((measure) => `<b>${escapeHtml(measure.label)}</b>: ${escapeHtml(measure.explanation)}.`).join(" ")}</p>
${
  differences === ""
    ? ""
    : `<h3>Against ${escapeHtml(groups[0].label)}, seed by seed</h3>
${differences}
<p class="note">Mean difference and its 95 % confidence interval (Student, paired by seed); bold where the interval stands clear of zero. Many comparisons are made, and none is corrected for the others.</p>`
}
${omitted}
${figures.map((figure) => figureBlock(figure, [{ ...problem, groups: drawnOf(problem) }])).join("\n")}
<details><summary>Settings</summary>${problemSettings(problem, budget)}</details>
</section>`;
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

/** All groups of many problems in one table for each group of measures. */
function sharedSection(problems: readonly ProblemResult[]): string {
  const tables = measureGroupIds.map((group) => summaryTable(problems, group));
  return `<section>
<h2>All ${problems.length} problems</h2>
<details><summary>Means ± standard deviations over seeds</summary>
${tables.join("\n")}
</details>
</section>`;
}

function figureBlock({ name, svg, caption }: Figure, problems: readonly ProblemResult[]): string {
  const cells = problems.flatMap(({ groups }) => groups.flatMap((group) => group.cells));
  return `<figure id="${name}"><div class="scroll" role="img" aria-label="${escapeHtml(caption)}">${svg}</div><figcaption>${escapeHtml(caption)} ${cellLinks(cells)}</figcaption></figure>`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
