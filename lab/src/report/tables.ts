import type { Measure } from "../experiment/measures/measure.js";
import { measureGroups } from "../experiment/measures/measure.js";
import { measures } from "../experiment/measures/measures.js";
import { hasDiverged } from "../experiment/status.js";
import type { GroupResult, ProblemResult } from "../sweep/results.js";
import { methodColors } from "./colors.js";
import { excludesZero, formatDifference, formatSummary } from "./format.js";
import { columns, type PageCell, type PageTable } from "./titled-table.js";

/** The measures of one group of columns that a problem has. */
export function columnsOf({ groups }: Pick<ProblemResult, "groups">, group: Measure["group"]): Measure[] {
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

/** What the first table shows of each method, as far as it was measured, and of which its difference to the baseline. */
const KEY = ["trainLoss", "testLoss", "testAccuracy", "lambdaMax", "wsBound", "millisecondsPerStep"];
const KEY_DIFFERENCE = "lambdaMax";
/** Columns where none of these was measured. */
const FEW = 5;

/** What the first table of a problem shows. */
export function keyMeasures({ groups }: Pick<ProblemResult, "groups">): Measure[] {
  const measured = measures.filter(({ id }) => id in groups[0].summary);
  const key = measured.filter(({ id }) => KEY.includes(id));
  return key.length > 0 ? key : measured.slice(0, FEW);
}

/** The methods of a problem in six columns or so: how well they fit, how sharp their minima are. */
export function keyTable(problem: ProblemResult): PageTable {
  const { groups } = problem;
  const shown = keyMeasures(problem);
  const compared = shown.find(({ id }) => id === KEY_DIFFERENCE);
  const hasDifference = compared !== undefined && differing(problem).length > 0;
  const rows = named([problem]).map(({ name, result }) => [
    name,
    ...shown.map(({ id, format }) => formatSummary(result.summary[id], format)),
    ...(hasDifference ? [difference(result, compared)] : []),
  ]);
  return {
    title: "Methods side by side",
    head: [
      "method",
      ...shown,
      ...(hasDifference
        ? [
            {
              label: `Δ ${compared.label}`,
              explanation: `against ${groups[0].label}, seed by seed, with its 95 % confidence interval; bold where that excludes zero`,
            },
          ]
        : []),
    ],
    alignment: columns(1, shown.length + (hasDifference ? 1 : 0)),
    rows,
  };
}

/** Means and spreads of the groups of one or several problems; nothing where nothing of the group was measured. */
export function summaryTable(
  problems: readonly ProblemResult[],
  group: Measure["group"],
): PageTable | undefined {
  const shown = measures.filter((measure) =>
    problems.some((problem) => columnsOf(problem, group).includes(measure)),
  );
  if (shown.length === 0) return undefined;
  return {
    title: measureGroups[group],
    head: ["method", ...shown],
    alignment: columns(1, shown.length),
    rows: named(problems).map(({ name, result: { summary } }) => [
      name,
      ...shown.map(({ id, format }) => (id in summary ? formatSummary(summary[id], format) : "–")),
    ]),
  };
}

/** Differences to the baseline, those whose interval excludes zero in bold; nothing where there are none. */
export function differenceTable(problem: ProblemResult, group: Measure["group"]): PageTable | undefined {
  const shown = columnsOf(problem, group);
  const others = differing(problem);
  if (shown.length === 0 || others.length === 0) return undefined;
  return {
    title: measureGroups[group],
    head: ["method", ...shown],
    alignment: columns(1, shown.length),
    rows: named([problem])
      .filter(({ result }) => others.includes(result))
      .map(({ name, result }) => [name, ...shown.map((measure) => difference(result, measure))]),
  };
}

/** The groups that are compared with the baseline. */
function differing({ groups }: ProblemResult): GroupResult[] {
  return groups.filter(({ difference }) =>
    Object.values(difference ?? {}).some(({ interval }) => interval !== null),
  );
}

function difference({ difference }: GroupResult, { id, format }: Measure): PageCell | string {
  const summary = difference?.[id];
  if (summary === undefined) return "–";
  return { text: formatDifference(summary, format), strong: excludesZero(summary) };
}

/** The groups of problems with their names. */
function named(problems: readonly ProblemResult[]): { name: PageCell; result: GroupResult }[] {
  return problems.flatMap(({ label, groups }) => {
    const colors = methodColors(groups);
    return groups.map((result) => ({
      name: {
        text: problems.length === 1 ? result.label : `${label}: ${result.label}`,
        color: colors.get(result.id),
        remarks: runNotes(result),
      },
      result,
    }));
  });
}
