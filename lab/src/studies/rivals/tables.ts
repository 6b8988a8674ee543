import { measures } from "../../experiment/measures/measures.js";
import { methods } from "../../experiment/methods.js";
import { hasDiverged } from "../../experiment/status.js";
import { counted, fixed, formatNumber, formatSummary } from "../../report/format.js";
import type { TitledTable } from "../../report/titled-table.js";
import type { GroupResult, SweepResults } from "../../sweep/results.js";
import { compared, comparisonsOf, sideOf } from "./comparisons.js";
import type { Comparison } from "./holm.js";
import { only, type ProblemOutcome } from "./results.js";

/** What every method had alike. */
export const alike = { time: "at equal time", gradients: "at equal gradients" } as const;

/** The tables of a problem, those at equal time first. */
export function rivalTables({ label, comparisons, tuning }: ProblemOutcome): TitledTable[] {
  return [
    ...comparisons.flatMap(({ budget, results }) => [
      againstTable(`${label}, ${alike[budget]}: HSR against each`, only(results)),
      outcomeTable(`${label}, ${alike[budget]}: every method at its best`, only(results)),
    ]),
    tuningTable(`${label}: what was tried`, only(tuning)),
    costTable(`${label}: what a step takes`, tuning),
  ];
}

function againstTable(title: string, problem: { readonly groups: readonly GroupResult[] }): TitledTable {
  const all = comparisonsOf(problem);
  return {
    title,
    head: ["rival", ...compared.map(({ label, as }) => `${label}, ${as === "ratio" ? "ratio" : "Δ"}`)],
    alignment: ["left", ...compared.map(() => "right" as const)],
    rows: all.map(({ rival, by }) => [
      rival.label,
      ...compared.map(({ id, as }) => comparisonText(by[id], as)),
    ]),
    note: `HSR over the rival, geometric mean over seeds, or HSR less the rival, in percentage points; paired by seed. Intervals allow for all ${counted(all.length * compared.length, "comparison")} of this table (Holm, 5 %); a star where they leave out 1, or 0.`,
  };
}

/** `0.42 [0.35, 0.50] *`. */
function comparisonText(comparison: Comparison, as: "ratio" | "difference"): string {
  const { mean, interval } = comparison;
  if (interval === null || !Number.isFinite(mean)) return "n/a";
  const show = (value: number) => (as === "ratio" ? formatNumber(value) : fixed(100 * value, 1));
  const star = sideOf(comparison, as === "ratio" ? 1 : 0) === 0 ? "" : " *";
  return `${show(mean)} [${show(interval[0])}, ${show(interval[1])}]${star}`;
}

const shown = ["steps", ...compared.map(({ id }) => id)];

function outcomeTable(title: string, { groups }: { readonly groups: readonly GroupResult[] }): TitledTable {
  const columns = measures.filter(({ id }) => shown.includes(id));
  return {
    title,
    head: ["method", "settings", "blew up", ...columns.map(({ label }) => label)],
    alignment: ["left", "left", "right", ...columns.map(() => "right" as const)],
    rows: groups.map((group) => [
      group.label,
      settingsText(group),
      `${group.cells.filter(hasDiverged).length} of ${group.cells.length}`,
      ...columns.map(({ id, format }) =>
        id in group.summary ? formatSummary(group.summary[id], format) : "–",
      ),
    ]),
    note: "Mean ± standard deviation over seeds. Losses are without penalties; λ_max is that of the training loss. “With noise” and “shifted”: test accuracy with disturbed inputs.",
  };
}

function tuningTable(title: string, { groups }: { readonly groups: readonly GroupResult[] }): TitledTable {
  const columns = measures.filter(({ id }) => ["trainLoss", "lambdaMax"].includes(id));
  return {
    title,
    head: ["method", "settings", "blew up", "validation loss", ...columns.map(({ label }) => label)],
    alignment: ["left", "left", "right", "right", ...columns.map(() => "right" as const)],
    rows: groups.map((group) => [
      group.label,
      settingsText(group),
      `${group.cells.filter(hasDiverged).length} of ${group.cells.length}`,
      formatSummary(group.summary.testLoss, "number"),
      ...columns.map(({ id, format }) => formatSummary(group.summary[id], format)),
    ]),
    note: "Of every method the setting with the least validation loss was chosen, of those in which no run blew up. The validation part is one of the training part, wrong labels included; the test part was not looked at.",
  };
}

function costTable(title: string, { costs = [] }: SweepResults): TitledTable {
  return {
    title,
    head: ["method", "ms", "of gradient descent meanwhile, ms", "ratio"],
    alignment: ["left", "right", "right", "right"],
    rows: costs.map(({ method, milliseconds, reference }) => [
      methods[method].label,
      formatNumber(milliseconds),
      formatNumber(reference),
      formatNumber(milliseconds / reference, 2),
    ]),
    note: "Processor time of a step, in turns with steps of gradient descent, medians; the ratio says how many steps equal time is. Settings that add no work share a measurement.",
  };
}

/** Learning rate first; steps are a column of their own. */
function settingsText({ method: { name: _, steps: __, learningRate, ...others } }: GroupResult): string {
  const rest = Object.entries(others).filter(([, value]) => value !== 0);
  return [`α ${learningRate}`, ...rest.map(([key, value]) => `${key} ${value}`)].join(", ");
}
