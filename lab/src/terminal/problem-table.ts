import pc from "picocolors";
import { type Measure, measureGroupIds, measureGroups } from "../experiment/measures/measure.js";
import { measures } from "../experiment/measures/measures.js";
import { formatShortDifference, formatSummary, spreadText } from "../report/format.js";
import { columnsOf, runNotes } from "../report/tables.js";
import type { ProblemResult } from "../sweep/results.js";
import { plainTable, widthOf } from "./table.js";

/**
 * A problem's results as tables: how well each method fits, how curved its minimum is, and how it differs from the
 * baseline. On a terminal that is too narrow for them the standard deviations are left to the report.
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
  const differences = renderDifferences(problem, columns);
  return [
    ...(problem.label === "" ? [] : [pc.inverse(` ${problem.label} `)]),
    ...tables.flatMap((table, i) => [pc.bold(measureGroups[parts[i]]), table]),
    pc.dim(negative ? `${spread}; negative: ${threshold}` : spread),
    ...(differences === undefined
      ? []
      : [
          pc.bold(`Against ${problem.groups[0].label}, seed by seed`),
          differences,
          pc.dim("Mean difference ± half of its 95 % interval; * where that excludes zero"),
        ]),
  ].join("\n");
}

function renderTable(problem: ProblemResult, group: Measure["group"], withDeviations: boolean): string {
  const shown = columnsOf(problem, group);
  const rows = problem.groups.map((result) => {
    const { label, summary } = result;
    const notes = runNotes(result);
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
  const tableOf = (part: typeof shown): string =>
    plainTable(
      ["method", ...part.map(({ label, format }) => `Δ ${label}${format === "percent" ? " (pp)" : ""}  `)],
      ["left", ...part.map(() => "right" as const)],
      others.map(({ label, difference = {} }) => [
        label,
        ...part.map(({ id, format }) => formatShortDifference(difference[id], format)),
      ]),
    );
  const tables: string[] = [];
  for (let from = 0; from < shown.length; ) {
    let to = shown.length;
    while (to > from + 1 && widthOf(tableOf(shown.slice(from, to))) > columns) to--;
    tables.push(tableOf(shown.slice(from, to)));
    from = to;
  }
  return tables.join("\n");
}
