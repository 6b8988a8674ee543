import type { Measure } from "../experiment/measures/measure.js";
import { measures } from "../experiment/measures/measures.js";
import type { GroupResult, ProblemResult } from "../sweep/results.js";
import { methodColors } from "./colors.js";
import { escapeHtml } from "./escape.js";
import { formatDifference, formatSummary, isClear } from "./format.js";

/** The measures of one group of columns that a problem has. */
export function columnsOf({ groups }: ProblemResult, group: Measure["group"]): Measure[] {
  return measures.filter((measure) => measure.group === group && measure.id in groups[0].summary);
}

/** How many runs of a group diverged, and how many are still missing. */
export function remarks({ cells, planned }: GroupResult): string[] {
  const diverged = cells.filter(({ status }) => status === "non-finite").length;
  return [
    ...(diverged > 0 ? [`${diverged} diverged`] : []),
    ...(cells.length < planned ? [`${cells.length} of ${planned} done`] : []),
  ];
}

/** Means and spreads of the groups of one or several problems. */
export function summaryTable(problems: readonly ProblemResult[], group: Measure["group"]): string {
  const columns = measures.filter((measure) =>
    problems.some((problem) => columnsOf(problem, group).includes(measure)),
  );
  if (columns.length === 0) return "";
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

/** Differences to the baseline, those that stand clear of zero in bold. */
export function differenceTable(problem: ProblemResult, group: Measure["group"]): string {
  const columns = columnsOf(problem, group);
  const others = problem.groups.filter(({ difference }) =>
    Object.values(difference ?? {}).some(({ interval }) => interval !== null),
  );
  if (columns.length === 0 || others.length === 0) return "";
  const colors = methodColors(problem.groups);
  const rows = others.map((result) => ({ color: colors.get(result.id), name: result.label, result }));
  return table(rows, columns, ({ difference = {} }, measure) => ({
    text: formatDifference(difference[measure.id], measure.format),
    strong: isClear(difference[measure.id]),
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
): string {
  const head = columns
    .map(({ label, explanation }) => `<th title="${escapeHtml(explanation)}">${escapeHtml(label)}</th>`)
    .join("");
  const body = rows.map(({ name, color, result }) => {
    const notes = remarks(result).map((remark) => ` <span class="warning">${remark}</span>`);
    const cells = columns.map((measure) => {
      const { text, strong } = cell(result, measure);
      return `<td>${strong ? `<b>${escapeHtml(text)}</b>` : escapeHtml(text)}</td>`;
    });
    return `<tr><th scope="row"><span class="swatch" style="background:${color}"></span>${escapeHtml(name)}${notes.join("")}</th>${cells.join("")}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th>method</th>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

/** A table of texts. @param left columns that are read, not compared */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[],
): string {
  const cell = (tag: string, text: string, column: number) =>
    `<${tag}${left.includes(column) ? ' class="text"' : ""}>${escapeHtml(text)}</${tag}>`;
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((text, column) => cell(tag, text, column)).join("")}</tr>`;
  return `<div class="scroll"><table><thead>${line("th", head)}</thead><tbody>${rows.map((row) => line("td", row)).join("\n")}</tbody></table></div>`;
}
