import { measures } from "../../experiment/measures/measures.js";
import type { Summary } from "../../experiment/measures/statistics.js";
import { fixed, formatNumber, formatPercent, formatSummary } from "../../report/format.js";
import { runNotes } from "../../report/tables.js";
import { columns as aligned, type TitledTable } from "../../report/titled-table.js";
import type { GroupResult, ProblemResult, SweepResults } from "../../sweep/results.js";
import type { Correlation } from "./correlation.js";
import { FEWEST } from "./findings.js";
import { configurationOf, gapCorrelations, labelOf } from "./framework.js";
import { variantMeasures, variantsOf } from "./variants.js";

const NONE = "–";

/** What the study shows, table by table; those without a row are left out. */
export function frameworkTables(results: SweepResults): TitledTable[] {
  const all = [reportedTable, minimaTable, gapTable, variantTable].map((table) => table(results));
  return all.filter(({ rows }) => rows.length > 0);
}

/** The document's own table, this sweep's numbers beside those of the document. */
function reportedTable({ problems }: SweepResults): TitledTable {
  const [first] = problems;
  const columns = [
    { id: "testAccuracy", label: "test accuracy", format: "percent" },
    { id: "testLoss", label: "test loss", format: "number" },
    { id: "powerLambda", label: "|λ|max", format: "number" },
  ] as const;
  const rows = first.groups.flatMap((group) => {
    const configuration = configurationOf(group);
    if (configuration === undefined || group.cells.length === 0) return [];
    const cells = columns.flatMap(({ id, format }) => [
      shown(group.summary[id], format),
      exactly(configuration.reported[id], format),
    ]);
    return [[remarked(group), ...cells]];
  });
  return {
    title: `Three configurations, and what the document reports of them${first.label === "" ? "" : ` (network: ${first.label})`}`,
    head: ["configuration", ...columns.flatMap(({ label }) => [label, "reported"])],
    alignment: aligned(1, 6),
    rows,
    note: `Reported: on MNIST, 60,000 training images, one run. Here: ${first.data.name}, ${first.trainingSamples} training images, ${first.training.steps} steps; mean ± standard deviation over seeds, |λ|max by power iteration on the samples of curvature.`,
  };
}

/** Whether runs ended at minima, and how their curvature lies to their optimizers' filters. */
function minimaTable({ problems }: SweepResults): TitledTable {
  const rows = problems.flatMap((problem) =>
    problem.groups
      .filter(({ cells }) => cells.length > 0)
      .map((group) => [
        ...named(problem, problems, group),
        ...["gradientNorm", "lambdaMin", "lambdaMax"].map((id) => shown(group.summary[id], "number")),
        edgeText(group),
        shown(group.summary.edgeShare, "number"),
      ]),
  );
  return {
    title: "Is it a minimum, and where does its filter end?",
    head: [...names(problems), "‖∇loss‖", "λ_min", "λ_max", "edge", "λ_max/edge"],
    alignment: aligned(names(problems).length, 5),
    rows,
    note: "Edge: the largest eigenvalue at which full-batch fixed points of the optimizer are stable, 2/α less the decay for SGD. Adam has no such edge for H: its own is one of the preconditioned Hessian. A negative λ_min beside a gradient that is not 0 says that training stopped on a slope, not at a minimum.",
  };
}

/** How every measure correlates with the generalization gap. */
function gapTable({ problems }: SweepResults): TitledTable {
  const [first] = problems;
  const alone = gapCorrelations([first]).filter(({ pearson }) => pearson.n >= FEWEST);
  const rows = gapCorrelations(problems)
    .filter(({ pearson }) => pearson.n >= FEWEST)
    .map(({ measure, pearson, spearman, within }) => {
      const ofFirst = alone.find((one) => one.measure === measure);
      return [
        measure.label,
        `${pearson.n}`,
        ...[pearson, spearman, within].map(correlationText),
        ...(problems.length > 1 ? [correlationText(ofFirst?.spearman)] : []),
      ];
    });
  return {
    title: "Does it go with the generalization gap (test loss less training loss)?",
    head: [
      ...["measure", "n", "Pearson", "Spearman", "Pearson within groups"],
      ...(problems.length > 1 ? [`Spearman, ${first.label} alone`] : []),
    ],
    alignment: aligned(1, problems.length > 1 ? 5 : 4),
    rows,
    note: "Correlation over runs, with 95 % intervals by Fisher's transformation. The intervals take runs for independent, and they are not: seeds of one network and method resemble each other, so that three configurations are hardly more than three points. Runs that diverged are left out. “Within groups” takes the mean of every network and method away: what is left is luck of the seed. Many correlations are shown, and none is corrected for the others.",
  };
}

/** What stands in the first table of them. */
const KEY = ["lambdaMax", "normalizedSharpness", "relativeFlatness"];

/** Networks with normalizations or shortcuts over the same without, in a few measures. */
export function variantKeyTable(results: SweepResults): TitledTable {
  return ratioTable(results, KEY, "Sharpness over that of the same network without");
}

/** The same in all. */
function variantTable(results: SweepResults): TitledTable {
  return ratioTable(
    results,
    variantMeasures,
    "Do normalization and shortcuts flatten? Measures over those of the same network without",
  );
}

function ratioTable(results: SweepResults, shownIds: readonly string[], title: string): TitledTable {
  const variants = variantsOf(results).filter(({ group }) => group.cells.length > 0);
  const ids = shownIds.filter((id) => variants.some(({ ratios }) => id in ratios));
  return {
    title,
    head: ["network", "configuration", ...ids.map((id) => labels.get(id) ?? id), "test accuracy"],
    alignment: aligned(2, ids.length + 1),
    rows: variants.map(({ problem, plain, group, ratios }) => [
      `${problem.label} over ${plain.label}`,
      remarked(group),
      ...ids.map((id) => shown(ratios[id], "number")),
      shown(group.summary.testAccuracy, "percent"),
    ]),
    note: "Ratios seed by seed, their mean ± standard deviation: below 1 is flatter. λ_max and tr H change when weights are merely rescaled, which normalization makes free of charge; normalized sharpness and relative flatness do not.",
  };
}

const labels = new Map(measures.map(({ id, label }) => [id, label]));

function names(problems: readonly ProblemResult[]): string[] {
  return problems.length > 1 ? ["network", "configuration"] : ["configuration"];
}

function named(problem: ProblemResult, problems: readonly ProblemResult[], group: GroupResult): string[] {
  return problems.length > 1 ? [problem.label, remarked(group)] : [remarked(group)];
}

/** With what is to be known of its runs. */
function remarked(group: GroupResult): string {
  return [labelOf(group), ...runNotes(group)].join(", ");
}

function shown(summary: Summary | undefined, format: "number" | "percent"): string {
  return summary === undefined || Number.isNaN(summary.mean) ? NONE : formatSummary(summary, format);
}

/** A number as the document prints it. */
function exactly(value: number, format: "number" | "percent"): string {
  return format === "percent" ? formatPercent(value, 2) : `${value}`;
}

function edgeText({ summary }: GroupResult): string {
  const edge = summary.filterEdge?.mean ?? Number.NaN;
  return Number.isNaN(edge) ? "none" : formatNumber(edge, 4);
}

function correlationText(correlation: Correlation | undefined): string {
  if (correlation === undefined || Number.isNaN(correlation.value)) return NONE;
  const { value, interval } = correlation;
  const signed = (number: number) => fixed(number, 2);
  return interval === null
    ? signed(value)
    : `${signed(value)} [${signed(interval[0])}, ${signed(interval[1])}]`;
}
