import { measures } from "../experiment/measures/measures.js";
import { formatShortDifference } from "../report/format.js";
import type { ProblemResult } from "../sweep/results.js";
import { plainTable, widthOf } from "../terminal/table.js";

/** What is held against the baseline on a terminal; the report has all. */
const compared = [
  ...["lambdaMax", "spectralRange", "negative", "testLoss", "testAccuracy"],
  ...["noisyAccuracy", "shiftedAccuracy", "millisecondsPerStep"],
];

/** Differences to the baseline, seed by seed; nothing for a single seed. As many tables as the width asks for. */
export function renderDifferences(problem: ProblemResult, columns: number): string | undefined {
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
