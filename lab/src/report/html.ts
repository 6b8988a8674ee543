import { html, type SafeHtml } from "@remix-run/html-template";
import { readingText } from "../data/reading.js";
import { sources } from "../data/sources.js";
import { measureGroupIds } from "../experiment/measures/measure.js";
import type { SweepResults } from "../sweep/results.js";
import { cellTable, figureWithCells } from "./cells.js";
import type { Chapter } from "./chapter.js";
import { chapterParts, firstPart, foldedPart, furtherPart } from "./chapter-parts.js";
import type { Figure } from "./figure.js";
import { findingBlock, folded, lines, pageOf } from "./parts.js";
import { foldedProblem, problemDetails, problemFindings, problemHead } from "./problem-part.js";
import { sweepSettings } from "./settings.js";
import { OVERVIEW } from "./sweep-figures.js";
import { summaryTable } from "./tables.js";
import { foldedTable } from "./titled-table.js";

export interface ReportFigures {
  /** Of the sweep as a whole. */
  readonly overall: readonly Figure[];
  /** Those of each problem, in the order of the results; none when there are too many problems. */
  readonly problems: readonly (readonly Figure[])[];
}

/** Problems beyond which they share one table, and have no section and pictures of their own. */
export const MAX_SECTIONS = 8;

/**
 * A whole sweep as one page that needs nothing else: no script, no network. First what was found, the picture that shows
 * it and one table; all else is folded.
 */
export function sweepReport(
  results: SweepResults,
  figures: ReportFigures,
  chapters: readonly Chapter[],
  planFile: string,
  folder: string,
): string {
  const { problems, name, description } = results;
  const parts = chapterParts(chapters, results, figures.overall);
  const [first] = parts.filter(({ text }) => text);
  // A study tells what it found; without one, a single problem does.
  const only = first === undefined && problems.length === 1 ? problems[0] : undefined;
  const drawn = figures.problems[0] ?? [];
  const overview = figures.overall
    .filter((figure) => figure.name === OVERVIEW)
    .map((figure) => ({ title: figure.title, block: figureWithCells(figure, problems) }));
  return pageOf({
    title: name,
    kicker: name,
    heading: description.title ?? defaultTitle(results),
    lead: lines([
      progressNote(results),
      findingBlock(only ? problemFindings(only, description) : (first?.text?.findings ?? [])),
      description.about === undefined ? undefined : html`<p class="note">${description.about}</p>`,
      readingNote(results),
    ]),
    body: lines([
      first && firstPart(first),
      only && problemHead(only, drawn, description),
      ...(first ? [] : overview.map(({ block }) => block)),
      ...parts.filter((part) => part !== first).map(furtherPart),
      html`<div class="folded">
${lines([
  ...parts.map(foldedPart),
  ...(first ? overview.map(({ title, block }) => folded(title, block)) : []),
  only ? problemDetails(only, drawn, description) : problemParts(results, figures),
  folded("What was run", sweepSettings(results)),
  folded("Cells", cellTable(results, planFile, folder) ?? html`<p class="note">None is done yet.</p>`),
])}
</div>`,
    ]),
  });
}

/** Every problem behind its name; of many, all groups in one table for each group of measures. */
function problemParts({ problems, description }: SweepResults, figures: ReportFigures): SafeHtml {
  return lines(
    problems.length > MAX_SECTIONS
      ? measureGroupIds.flatMap((group) => summaryTable(problems, group) ?? []).map(foldedTable)
      : problems.map((problem, i) => foldedProblem(problem, figures.problems[i] ?? [], description)),
  );
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

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
