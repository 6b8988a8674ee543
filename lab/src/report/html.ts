import { html, type SafeHtml } from "@remix-run/html-template";
import { readingText } from "../data/reading.js";
import { sources } from "../data/sources.js";
import { measureGroupIds } from "../experiment/measures/measure.js";
import { measures } from "../experiment/measures/measures.js";
import type { Budget } from "../sweep/budget.js";
import type { ProblemResult, SweepResults } from "../sweep/results.js";
import { cellLinks, cellTable } from "./cells.js";
import type { Chapter } from "./chapter.js";
import type { Figure } from "./figure.js";
import { mainFinding } from "./findings.js";
import { spreadText } from "./format.js";
import { inLine, lines, pageOf, section } from "./parts.js";
import { drawnOf, MAX_DRAWN } from "./problem-figures.js";
import { problemSettings, sweepSettings } from "./settings.js";
import { differenceTable, summaryTable } from "./tables.js";

export interface ReportFigures {
  /** Of the sweep as a whole. */
  readonly overall: readonly Figure[];
  /** Those of each problem, in the order of the results; none when there are too many problems. */
  readonly problems: readonly (readonly Figure[])[];
}

/** Problems beyond which they share one table, and have no section and pictures of their own. */
export const MAX_SECTIONS = 8;

/** A whole sweep as one page that needs nothing else: no script, no network. */
export function sweepReport(
  results: SweepResults,
  figures: ReportFigures,
  chapters: readonly Chapter[],
  planFile: string,
  folder: string,
): string {
  const { problems, name, description } = results;
  const [only] = problems;
  const few = problems.length <= MAX_SECTIONS;
  return pageOf({
    title: name,
    kicker: name,
    heading: description.title ?? defaultTitle(results),
    lead: lines([
      description.about === undefined ? undefined : html`<p>${description.about}</p>`,
      readingNote(results),
      progressNote(results),
      problems.length === 1 ? finding(only, description.budget) : undefined,
    ]),
    body: html`${chapters.map(({ section }) => section?.(results))}
${lines(figures.overall.map((figure) => figureBlock(figure, problems)))}
${few ? lines(problems.map((problem, i) => problemSection(problem, figures.problems[i] ?? [], results))) : sharedSection(problems)}

${section(
  "What was run",
  html`${sweepSettings(results)}
<h3>Cells</h3>
${cellTable(results, planFile, folder)}`,
)}`,
  });
}

function defaultTitle({ problems }: SweepResults): string {
  const [{ data }] = problems;
  // A file is called what it is called.
  const name = data.name in sources ? capitalize(data.name) : data.name;
  return problems.length === 1
    ? `How sharp are the minima? ${name}, ${data.samples} samples`
    : `How sharp are the minima? ${problems.length} problems`;
}

function progressNote({ counts }: SweepResults): SafeHtml | undefined {
  const { planned, running, done, failed } = counts;
  const all = planned + running + done + failed;
  if (done === all) return undefined;
  const parts = [
    `${done} of ${all} cells are done`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(planned > 0 ? [`${planned} still to run`] : []),
  ];
  return html`<p class="warning">${parts.join(", ")}. Everything below is about those that are done.</p>`;
}

/** How the data were read: a wrong reading is to be seen before its results. */
function readingNote({ data }: SweepResults): SafeHtml | undefined {
  if (data.length > MAX_SECTIONS) return undefined;
  return lines(
    data.flatMap((one) => [
      html`<p class="note">${readingText(one)}.</p>`,
      ...(one.reading?.warnings ?? []).map(
        (warning) => html`<p class="warning">${one.name}: ${warning}.</p>`,
      ),
    ]),
  );
}

function finding(problem: ProblemResult, budget: Budget): SafeHtml | undefined {
  const sentence = mainFinding(problem, budget);
  return sentence === undefined ? undefined : html`<p class="finding">${sentence}</p>`;
}

function problemSection(
  problem: ProblemResult,
  figures: readonly Figure[],
  { problems: { length: count }, description: { budget, curvatureSamples } }: SweepResults,
): SafeHtml {
  const { label, groups } = problem;
  const seeds = Math.max(...groups.map(({ cells }) => cells.length));
  if (seeds === 0) return html`<section><h2>${label}</h2><p class="note">No cell is done yet.</p></section>`;
  const spread = spreadText(groups);
  const shown = measures.filter(({ id }) => id in groups[0].summary);
  const differences = measureGroupIds.map((group) => differenceTable(problem, group));
  const omitted =
    groups.length > MAX_DRAWN
      ? html`<p class="note">Pictures show ${MAX_DRAWN} of the ${groups.length} groups.</p>`
      : undefined;
  return html`<section>
<h2>${count === 1 ? "Methods side by side" : label}</h2>
${count === 1 ? undefined : finding(problem, budget)}
${lines(measureGroupIds.map((group) => summaryTable([problem], group)))}
<p class="note">${spread}; every seed draws its own split and starting point, the same for all methods.
${curvatureNote(problem, curvatureSamples)}
${inLine(shown.map((measure) => html`<b>${measure.label}</b>: ${measure.explanation}.`))}</p>
${
  differences.every((table) => table === undefined)
    ? undefined
    : html`<h3>Against ${groups[0].label}, seed by seed</h3>
${differences}
<p class="note">Mean difference and its 95 % confidence interval (Student, paired by seed); bold where the interval excludes zero. Many comparisons are made, and none is corrected for the others.</p>`
}
${omitted}
${lines(figures.map((figure) => figureBlock(figure, [{ ...problem, groups: drawnOf(problem) }])))}
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
function sharedSection(problems: readonly ProblemResult[]): SafeHtml {
  const tables = measureGroupIds.map((group) => summaryTable(problems, group));
  return html`<section>
<h2>All ${problems.length} problems</h2>
<details><summary>Means ± standard deviations over seeds</summary>
${lines(tables)}
</details>
</section>`;
}

function figureBlock({ name, svg, caption }: Figure, problems: readonly ProblemResult[]): SafeHtml {
  const cells = problems.flatMap(({ groups }) => groups.flatMap((group) => group.cells));
  return html`<figure id="${name}"><div class="scroll" role="img" aria-label="${caption}">${html.raw`${svg}`}</div><figcaption>${caption} ${cellLinks(cells)}</figcaption></figure>`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
