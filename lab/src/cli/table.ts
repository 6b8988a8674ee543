import Table from "cli-table3";
import pc from "picocolors";
import type { Comparison } from "../experiment/compare.js";
import { type Measure, measures } from "../experiment/measures.js";
import { formatSummary } from "../report/format.js";

/** The comparison as two tables that fit a terminal: how well each method fits, and how curved its minimum is. */
export function renderTables(comparison: Comparison): string {
  const n = comparison.plan.seeds.length;
  const spread = n > 1 ? `mean ± standard deviation over ${n} seeds` : "one seed";
  const threshold = measures.find((measure) => measure.id === "negative")?.explanation;
  return [
    pc.bold("Fit"),
    renderTable(comparison, "fit"),
    pc.bold("Curvature of the training loss at the end"),
    renderTable(comparison, "curvature"),
    pc.dim(`${spread}; negative: ${threshold}`),
  ].join("\n");
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

function renderTable({ methods }: Comparison, group: Measure["group"]): string {
  const shown = measures.filter((measure) => measure.group === group);
  const rows = methods.map(({ label, summary, runs }) => {
    const diverged = runs.filter((run) => run.status === "non-finite").length;
    const name = diverged > 0 ? `${label} ${pc.red(`(${diverged} diverged)`)}` : label;
    return [name, ...shown.map((measure) => formatSummary(summary[measure.id], measure.format))];
  });
  return plainTable(
    ["method", ...shown.map((measure) => measure.label)],
    ["left", ...shown.map(() => "right" as const)],
    rows,
  );
}
