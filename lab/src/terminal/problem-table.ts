import pc from "picocolors";
import { type Measure, measureGroupIds, measureGroups } from "../experiment/measures/measure.js";
import { measures } from "../experiment/measures/measures.js";
import { excludesZero, formatShortDifference, formatSummary, spreadText } from "../report/format.js";
import { columnsOf, keyMeasures, runNotes } from "../report/tables.js";
import type { ProblemResult } from "../sweep/results.js";
import { plainTable, widthOf } from "./table.js";
import { terminalColumns, wrapped } from "./width.js";

/** What a narrow terminal leaves to `full`, the first ones first: how sharp minima are stays to the last. */
const leftOutFirst = ["millisecondsPerStep", "testLoss", "testAccuracy", "trainLoss", "wsBound"];

/**
 * A problem's results in one table, the smallest λ_max in green, or with `full` in as many as there are measures for. Where the
 * terminal is narrow, some columns are left to `full`, and named.
 */
export function renderProblem(problem: ProblemResult, full = false, columns = terminalColumns()): string {
  const title = problem.label === "" ? [] : [pc.inverse(` ${problem.label} `)];
  if (full) return [...title, ...allTables(problem, columns)].join("\n");
  const key = keyMeasures(problem);
  const shown = fittingMeasures(problem, key, columns);
  const leftOut = key.filter((measure) => !shown.includes(measure)).map(({ label }) => label);
  const more = leftOut.length > 0 ? `, with ${leftOut.join(", ")}` : "";
  return [
    ...title,
    renderTable(problem, shown, false, columns),
    pc.dim(wrapped(`${means(problem)}. --full prints all tables${more}; the report has them too.`, columns)),
  ].join("\n");
}

/** As many of the measures as fit; at least what is left when all others are left out. */
function fittingMeasures(
  problem: ProblemResult,
  key: readonly Measure[],
  columns: number,
): readonly Measure[] {
  let shown = key;
  for (const id of leftOutFirst) {
    if (widthOf(renderTable(problem, shown, false, Number.POSITIVE_INFINITY)) <= columns) break;
    const others = shown.filter((measure) => measure.id !== id);
    if (others.length > 0) shown = others;
  }
  return shown;
}

/** Without what is said of deviations. */
const means = ({ groups }: ProblemResult): string => spreadText(groups).replace("± standard deviation ", "");

/**
 * How well each method fits, how curved its minimum is, and how it differs from the baseline. On a terminal that is too
 * narrow for them the standard deviations are left to the report.
 */
function allTables(problem: ProblemResult, columns: number): string[] {
  const parts = measureGroupIds.filter((group) => columnsOf(problem, group).length > 0);
  const tables = (withDeviations: boolean, width: number) =>
    parts.map((group) => renderTable(problem, columnsOf(problem, group), withDeviations, width));
  const full = tables(true, Number.POSITIVE_INFINITY);
  const fits = full.every((table) => widthOf(table) <= columns);
  const spread = fits
    ? spreadText(problem.groups)
    : `${means(problem)}; deviations in the report, or on a wider terminal`;
  const negative = "negative" in problem.groups[0].summary;
  const threshold = measures.find((measure) => measure.id === "negative")?.explanation;
  const differences = renderDifferences(problem, columns);
  return [
    ...(fits ? full : tables(false, columns)).flatMap((table, i) => [
      pc.bold(measureGroups[parts[i]]),
      table,
    ]),
    pc.dim(wrapped(negative ? `${spread}; negative: ${threshold}` : spread, columns)),
    ...(differences === undefined
      ? []
      : [
          pc.bold(`Against ${problem.groups[0].label}, seed by seed`),
          differences,
          pc.dim(wrapped("Mean difference ± half of its 95 % interval; * where that excludes zero", columns)),
        ]),
  ];
}

function renderTable(
  { groups }: ProblemResult,
  shown: readonly Measure[],
  withDeviations: boolean,
  columns: number,
): string {
  const flattest = Math.min(...groups.map(({ summary }) => summary.lambdaMax?.mean ?? Number.NaN));
  const rows = groups.map((result) => {
    const { label, summary } = result;
    const notes = runNotes(result);
    const name = notes.length > 0 ? `${label} ${pc.red(`(${notes.join(", ")})`)}` : label;
    return [
      name,
      ...shown.map(({ id, format }) => {
        const text = formatSummary(withDeviations ? summary[id] : { ...summary[id], n: 1 }, format);
        return id === "lambdaMax" && summary[id].mean === flattest ? pc.green(text) : text;
      }),
    ];
  });
  return plainTable(
    ["method", ...shown.map((measure) => measure.label)],
    ["left", ...shown.map(() => "right" as const)],
    rows,
    columns,
  );
}

/** What is compared with the baseline on a terminal; the report has all. */
const compared = [
  ...["lambdaMax", "spectralRange", "negative", "testLoss", "testAccuracy"],
  ...["noisyAccuracy", "shiftedAccuracy", "millisecondsPerStep"],
];

/** Differences to the baseline, seed by seed; nothing for a single seed. As many tables as the width asks for. */
function renderDifferences(problem: ProblemResult, columns: number): string | undefined {
  const { groups } = problem;
  const others = groups.filter(({ difference }) =>
    Object.values(difference ?? {}).some(({ interval }) => interval !== null),
  );
  const shown = measures.filter(({ id }) => compared.includes(id) && id in groups[0].summary);
  if (others.length === 0 || shown.length === 0) return undefined;
  return plainTable(
    ["method", ...shown.map(({ label, format }) => `Δ ${label}${format === "percent" ? " (pp)" : ""}  `)],
    ["left", ...shown.map(() => "right" as const)],
    others.map(({ label, difference = {} }) => [
      label,
      ...shown.map(({ id, format }) => {
        const text = formatShortDifference(difference[id], format);
        return excludesZero(difference[id]) ? pc.bold(text) : text;
      }),
    ]),
    columns,
  );
}
