import { type Measure, measures } from "../experiment/measures.js";
import type { GroupResult, ProblemResult } from "../sweep/results.js";
import { methodColors } from "./colors.js";
import { escapeHtml } from "./escape.js";
import { formatDifference, formatSummary } from "./format.js";

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

/** Means and spreads of a problem's groups. */
export function summaryTable(problem: ProblemResult, group: Measure["group"]): string {
  const columns = columnsOf(problem, group);
  if (columns.length === 0) return "";
  return table(problem, problem.groups, columns, ({ summary }, measure) => ({
    text: formatSummary(summary[measure.id], measure.format),
    strong: false,
  }));
}

/** Differences to the baseline, those that stand clear of zero in bold. */
export function differenceTable(problem: ProblemResult, group: Measure["group"]): string {
  const columns = columnsOf(problem, group).filter(({ reproducible }) => reproducible);
  const others = problem.groups.filter(({ difference }) =>
    Object.values(difference ?? {}).some(({ interval }) => interval !== null),
  );
  if (columns.length === 0 || others.length === 0) return "";
  return table(problem, others, columns, ({ difference = {} }, measure) => {
    const { interval } = difference[measure.id];
    return {
      text: formatDifference(difference[measure.id], measure.format),
      strong: interval !== null && interval[0] * interval[1] > 0,
    };
  });
}

function table(
  { groups }: ProblemResult,
  rows: readonly GroupResult[],
  columns: readonly Measure[],
  cell: (group: GroupResult, measure: Measure) => { text: string; strong: boolean },
): string {
  const colors = methodColors(groups);
  const head = columns
    .map(({ label, explanation }) => `<th title="${escapeHtml(explanation)}">${escapeHtml(label)}</th>`)
    .join("");
  const body = rows.map((group) => {
    const notes = remarks(group).map((remark) => ` <span class="warning">${remark}</span>`);
    const cells = columns.map((measure) => {
      const { text, strong } = cell(group, measure);
      return `<td>${strong ? `<b>${escapeHtml(text)}</b>` : escapeHtml(text)}</td>`;
    });
    return `<tr><th scope="row"><span class="swatch" style="background:${colors.get(group.id)}"></span>${escapeHtml(group.label)}${notes.join("")}</th>${cells.join("")}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th>method</th>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}
