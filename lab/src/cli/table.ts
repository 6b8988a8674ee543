import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import pc from "picocolors";
import type { Comparison } from "../experiment/compare.js";
import { type Measure, measures } from "../experiment/measures.js";
import { formatSummary } from "../report/format.js";

/**
 * The comparison as two tables: how well each method fits, and how curved its minimum is. On a terminal that is too
 * narrow for them the standard deviations are left to the report.
 * @param columns the terminal's width; undefined when the output is no terminal
 */
export function renderTables(comparison: Comparison, columns = Number.POSITIVE_INFINITY): string {
  const n = comparison.plan.seeds.length;
  const threshold = measures.find((measure) => measure.id === "negative")?.explanation;
  const full = (["fit", "curvature"] as const).map((group) => renderTable(comparison, group, true));
  const fits = full.every((table) => widthOf(table) <= columns);
  const [fit, curvature] = fits
    ? full
    : (["fit", "curvature"] as const).map((group) => renderTable(comparison, group, false));
  const spread =
    n === 1
      ? "one seed"
      : fits
        ? `mean ± standard deviation over ${n} seeds`
        : `mean over ${n} seeds; deviations in the report, or on a wider terminal`;
  return [
    pc.bold("Fit"),
    fit,
    pc.bold("Curvature of the training loss at the end"),
    curvature,
    pc.dim(`${spread}; negative: ${threshold}`),
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

function renderTable({ methods }: Comparison, group: Measure["group"], withDeviations: boolean): string {
  const shown = measures.filter((measure) => measure.group === group);
  const rows = methods.map(({ label, summary, runs }) => {
    const diverged = runs.filter((run) => run.status === "non-finite").length;
    const name = diverged > 0 ? `${label} ${pc.red(`(${diverged} diverged)`)}` : label;
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
