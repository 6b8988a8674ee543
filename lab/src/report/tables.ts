import { html, type SafeHtml } from "@remix-run/html-template";
import type { Measure } from "../experiment/measures/measure.js";
import { measures } from "../experiment/measures/measures.js";
import { hasDiverged } from "../experiment/status.js";
import type { GroupResult, ProblemResult } from "../sweep/results.js";
import { methodColors } from "./colors.js";
import { excludesZero, formatDifference, formatSummary } from "./format.js";
import { lines } from "./parts.js";

/** The measures of one group of columns that a problem has. */
export function columnsOf({ groups }: ProblemResult, group: Measure["group"]): Measure[] {
  return measures.filter((measure) => measure.group === group && measure.id in groups[0].summary);
}

/** How many runs of a group diverged, and how many are still missing. */
export function runNotes({ cells, planned }: GroupResult): string[] {
  const diverged = cells.filter(hasDiverged).length;
  return [
    ...(diverged > 0 ? [`${diverged} diverged`] : []),
    ...(cells.length < planned ? [`${cells.length} of ${planned} done`] : []),
  ];
}

/** Means and spreads of the groups of one or several problems; nothing where nothing of the group was measured. */
export function summaryTable(
  problems: readonly ProblemResult[],
  group: Measure["group"],
): SafeHtml | undefined {
  const columns = measures.filter((measure) =>
    problems.some((problem) => columnsOf(problem, group).includes(measure)),
  );
  if (columns.length === 0) return undefined;
  const rows = problems.flatMap(({ label, groups }) => {
    const colors = methodColors(groups);
    return groups.map((result) => ({
      color: colors.get(result.id),
      name: problems.length === 1 ? result.label : `${label}: ${result.label}`,
      result,
    }));
  });
  return table(rows, columns, ({ summary }, measure) => ({
    text: measure.id in summary ? formatSummary(summary[measure.id], measure.format) : "–",
    strong: false,
  }));
}

/** Differences to the baseline, those whose interval excludes zero in bold; nothing where there are none. */
export function differenceTable(problem: ProblemResult, group: Measure["group"]): SafeHtml | undefined {
  const columns = columnsOf(problem, group);
  const others = problem.groups.filter(({ difference }) =>
    Object.values(difference ?? {}).some(({ interval }) => interval !== null),
  );
  if (columns.length === 0 || others.length === 0) return undefined;
  const colors = methodColors(problem.groups);
  const rows = others.map((result) => ({ color: colors.get(result.id), name: result.label, result }));
  return table(rows, columns, ({ difference = {} }, measure) => ({
    text: formatDifference(difference[measure.id], measure.format),
    strong: excludesZero(difference[measure.id]),
  }));
}

interface TableRow {
  readonly name: string;
  readonly color: string | undefined;
  readonly result: GroupResult;
}

function table(
  rows: readonly TableRow[],
  columns: readonly Measure[],
  cell: (group: GroupResult, measure: Measure) => { text: string; strong: boolean },
): SafeHtml {
  const head = columns.map(({ label, explanation }) => html`<th title="${explanation}">${label}</th>`);
  const body = rows.map(({ name, color, result }) => {
    const notes = runNotes(result).map((remark) => html` <span class="warning">${remark}</span>`);
    const cells = columns.map((measure) => {
      const { text, strong } = cell(result, measure);
      return html`<td>${strong ? html`<b>${text}</b>` : text}</td>`;
    });
    return html`<tr><th scope="row"><span class="swatch" style="background:${color}"></span>${name}${notes}</th>${cells}</tr>`;
  });
  return html`<div class="scroll"><table><thead><tr><th>method</th>${head}</tr></thead><tbody>${lines(body)}</tbody></table></div>`;
}

/** A table of texts. @param left columns that are read, not compared */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[],
): SafeHtml {
  const cell = (tag: string, text: string, column: number) =>
    html`<${tag}${left.includes(column) ? html` class="text"` : undefined}>${text}</${tag}>`;
  const line = (tag: string, cells: readonly string[]) =>
    html`<tr>${cells.map((text, column) => cell(tag, text, column))}</tr>`;
  return html`<div class="scroll"><table><thead>${line("th", head)}</thead><tbody>${lines(rows.map((row) => line("td", row)))}</tbody></table></div>`;
}
