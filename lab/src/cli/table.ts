import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import pc from "picocolors";
import { type Measure, measureGroupIds, measureGroups } from "../experiment/measure.js";
import { measures } from "../experiment/measures.js";
import { formatSummary, spreadText } from "../report/format.js";
import { columnsOf, remarks } from "../report/tables.js";
import type { ProblemResult } from "../sweep/results.js";

/**
 * A problem's results as two tables: how well each method fits, and how curved its minimum is. On a terminal that is
 * too narrow for them the standard deviations are left to the report.
 * @param columns the terminal's width; undefined when the output is no terminal
 */
export function renderProblem(problem: ProblemResult, columns = Number.POSITIVE_INFINITY): string {
  const parts = measureGroupIds.filter((group) => columnsOf(problem, group).length > 0);
  const full = parts.map((group) => renderTable(problem, group, true));
  const fits = full.every((table) => widthOf(table) <= columns);
  const tables = fits ? full : parts.map((group) => renderTable(problem, group, false));
  const all = spreadText(problem.groups);
  const spread = fits
    ? all
    : `${all.replace("± standard deviation ", "")}; deviations in the report, or on a wider terminal`;
  const negative = "negative" in problem.groups[0].summary;
  const threshold = measures.find((measure) => measure.id === "negative")?.explanation;
  return [
    ...(problem.label === "" ? [] : [pc.inverse(` ${problem.label} `)]),
    ...tables.flatMap((table, i) => [pc.bold(measureGroups[parts[i]]), table]),
    pc.dim(negative ? `${spread}; negative: ${threshold}` : spread),
  ].join("\n");
}

/** Width of a table's rules. */
function widthOf(table: string): number {
  return stripVTControlCharacters(table.split("\n")[0]).length;
}

/** A table without vertical lines, with a rule above and below, as in print. */
export function plainTable(
  head: readonly string[],
  alignment: readonly ("left" | "right")[],
  rows: readonly string[][],
): string {
  const table = new Table({
    head: head.map(pc.bold),
    colAligns: [...alignment],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: rulesOnly,
  });
  table.push(...rows);
  return table.toString();
}

const rulesOnly = Object.fromEntries(
  [
    ...["mid", "left", "right", "middle", "left-mid", "mid-mid", "right-mid"],
    ...["top-mid", "top-left", "top-right", "bottom-mid", "bottom-left", "bottom-right"],
  ].map((name) => [name, ""]),
);

function renderTable(problem: ProblemResult, group: Measure["group"], withDeviations: boolean): string {
  const shown = columnsOf(problem, group);
  const rows = problem.groups.map((result) => {
    const { label, summary } = result;
    const notes = remarks(result);
    const name = notes.length > 0 ? `${label} ${pc.red(`(${notes.join(", ")})`)}` : label;
    return [
      name,
      ...shown.map((measure) =>
        formatSummary(
          withDeviations ? summary[measure.id] : { ...summary[measure.id], n: 1 },
          measure.format,
        ),
      ),
    ];
  });
  return plainTable(
    ["method", ...shown.map((measure) => measure.label)],
    ["left", ...shown.map(() => "right" as const)],
    rows,
  );
}
