import { wsBounds } from "flatward";
import { measures } from "../../experiment/measures/measures.js";
import { fixed, formatNumber, formatPercent } from "../../report/format.js";
import { columns, type TitledTable } from "../../report/titled-table.js";
import { measuresOf } from "../../sweep/description.js";
import type { SweepResults } from "../../sweep/results.js";

/** How tight one bound is over all networks that were trained equally long. */
export interface TightnessRow {
  readonly bound: string;
  readonly steps: number;
  /** Quantiles of bound/λ_max. */
  readonly best: number;
  readonly median: number;
  readonly ninetieth: number;
  readonly worst: number;
  /** Whether tr H and tr H², of parts of H, are enough for it; the others need H itself. */
  readonly closed: boolean;
  /** Share of networks for which no other bound of its kind, closed form or not, is tighter. */
  readonly tightest: number;
  readonly networks: number;
}

const closedForms = ["tightness", "frobeniusRatio", "rankWsRatio", "layersRatio", "splitRatio"];

/** Whether a sweep measured the bounds. */
export function hasBounds({ description }: Pick<SweepResults, "description">): boolean {
  return ["tightness", "fourMomentsRatio"].every((id) => measuresOf(description).includes(id));
}

/** Every bound's tightness by the depth of training, the tightest first within a depth. */
export function tightnessRows({ problems, description }: SweepResults): TightnessRow[] {
  const columns = measures.filter(
    ({ id, format }) => format === "ratio" && measuresOf(description).includes(id),
  );
  const cells = problems.flatMap(({ training, groups }) =>
    groups.flatMap((group) => group.cells.map(({ measures }) => ({ steps: training.steps, measures }))),
  );
  const depths = [...new Set(cells.map(({ steps }) => steps))].sort((a, b) => a - b);
  return depths.flatMap((depth) => {
    const here = cells.filter(({ steps, measures }) => steps === depth && measures.tightness > 0);
    const rows = columns.map(({ id, label }): TightnessRow => {
      const ratios = here.map(({ measures }) => measures[id]).sort((a, b) => a - b);
      const closed = closedForms.includes(id);
      const rivals = columns.filter((other) => closedForms.includes(other.id) === closed);
      const won = here.filter(({ measures }) => rivals.every((other) => measures[id] <= measures[other.id]));
      return {
        bound: id === "tightness" ? "WS" : label,
        steps: depth,
        best: quantile(ratios, 0),
        median: quantile(ratios, 0.5),
        ninetieth: quantile(ratios, 0.9),
        worst: quantile(ratios, 1),
        closed,
        tightest: won.length / here.length,
        networks: here.length,
      };
    });
    return rows.sort((a, b) => a.median - b.median);
  });
}

const needs = (closed: boolean) => (closed ? "closed form" : "H");
const tightestNote =
  "Quantiles over networks of bound/λ_max; 1 is exact. “Tightest”: share of networks for which no other bound with the same needs is tighter (ties count for each). Closed forms need traces of H, H² and of parts of them, never H itself.";

/** The bounds after the longest training alone. */
export function longestTable(results: SweepResults): TitledTable {
  const rows = tightnessRows(results);
  const longest = Math.max(...rows.map(({ steps }) => steps));
  return {
    title: `Bound over λ_max after ${longest} training steps`,
    head: ["bound", "needs", "best", "median", "worst", "tightest"],
    alignment: columns(2, 4),
    rows: rows
      .filter(({ steps }) => steps === longest)
      .map(({ bound, closed, best, median, worst, tightest }) => [
        bound,
        needs(closed),
        ...[best, median, worst].map((ratio) => formatNumber(ratio)),
        formatPercent(tightest, 0),
      ]),
    note: tightestNote,
  };
}

/** Every bound at every depth of training. */
export function tightnessTable(results: SweepResults): TitledTable {
  return {
    title: "Bound over λ_max, by training steps",
    head: ["bound", "needs", "steps", "networks", "best", "median", "90 %", "worst", "tightest"],
    alignment: columns(2, 7),
    rows: tightnessRows(results).map(
      ({ steps, networks, bound, closed, best, median, ninetieth, worst, tightest }) => [
        bound,
        needs(closed),
        `${steps}`,
        `${networks}`,
        ...[best, median, ninetieth, worst].map((ratio) => formatNumber(ratio)),
        formatPercent(tightest, 0),
      ],
    ),
    note: tightestNote,
  };
}

/** WS after the longest training, by the number of classes. */
export interface ClassRow {
  readonly classes: number;
  /** √(K−1): what K − 1 equal outliers among zeros would give. */
  readonly equalOutliers: number;
  /** Of WS bound/λ_max. */
  readonly best: number;
  readonly median: number;
  readonly worst: number;
  /** Median of Σλ²/λ_max². */
  readonly outliers: number;
}

function classRows({ problems }: SweepResults): ClassRow[] {
  const depth = Math.max(...problems.map(({ training }) => training.steps));
  const trained = problems.filter(({ training }) => training.steps === depth);
  const counts = [...new Set(trained.map(({ data }) => data.classes.length))].sort((a, b) => a - b);
  return counts.map((classes) => {
    const cells = trained
      .filter(({ data }) => data.classes.length === classes)
      .flatMap(({ groups }) => groups.flatMap((group) => group.cells))
      .filter(({ measures }) => measures.tightness > 0);
    const sorted = (id: string) => cells.map(({ measures }) => measures[id]).sort((a, b) => a - b);
    const ratios = sorted("tightness");
    return {
      classes,
      equalOutliers: Math.sqrt(classes - 1),
      best: quantile(ratios, 0),
      median: quantile(ratios, 0.5),
      worst: quantile(ratios, 1),
      outliers: quantile(sorted("effectiveOutliers"), 0.5),
    };
  });
}

/** The same as texts. */
export function classTable(results: SweepResults): TitledTable {
  const rows = classRows(results).map(({ classes, equalOutliers, best, median, worst, outliers }) => [
    `${classes}`,
    ...[best, median, worst, equalOutliers, outliers].map((value) => formatNumber(value)),
  ]);
  return {
    title: "WS by the number of classes, after the longest training",
    head: ["classes K", "best", "median", "worst", "√(K−1)", "Σλ²/λ_max²"],
    alignment: columns(0, 6),
    rows,
    note: "Quantiles of WS bound/λ_max. K − 1 equal outliers among zeros would give √(K−1); the outliers of trained networks are not equal, and Σλ²/λ_max² counts as how many of the largest they come to.",
  };
}

/** What the study shows, in two sentences drawn from its numbers. */
export function tightnessFinding(results: SweepResults): string | undefined {
  const ws = tightnessRows(results).filter(({ bound, networks }) => bound === "WS" && networks > 0);
  if (ws.length === 0) return undefined;
  const range = ({ steps, best, median, worst }: TightnessRow) =>
    `after ${steps} training steps ${formatNumber(best)} to ${formatNumber(worst)} times λ_max (median ${formatNumber(median)})`;
  const shown = ws.length > 1 ? [ws[0], ws[ws.length - 1]] : ws;
  const cells = results.problems.flatMap(({ groups }) => groups.flatMap((group) => group.cells));
  const ratios = cells
    .map(({ measures }) => measures.tightness / Math.sqrt(measures.effectiveOutliers))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const law =
    ratios.length === 0
      ? ""
      : ` It is ${formatNumber(ratios[0])} to ${formatNumber(ratios[ratios.length - 1])} times ‖H‖_F: tr H hardly sharpens it, and the number of outliers decides.`;
  return `The WS bound is ${shown.map(range).join(", and ")}.${law}`;
}

/** A spectrum chosen to show what decides how tight WS is. */
export interface PrescribedSpectrum {
  readonly name: string;
  readonly size: number;
  /** WS bound over λ_max. */
  readonly ratio: number;
  /** What theory predicts. */
  readonly theory: string;
}

/** Where WS is exact, and how it degrades: nothing but its formula, on spectra that are known. */
export function prescribedSpectra(): PrescribedSpectrum[] {
  const equalOutliers = (count: number): PrescribedSpectrum => ({
    name: `${count} equal outliers among zeros`,
    ...ratioOf([...Array(count).fill(1), ...Array(1000 - count).fill(0)]),
    theory: `about √${count} = ${Math.sqrt(count).toFixed(2)}`,
  });
  return [
    { name: "any two eigenvalues", ...ratioOf([3, -1]), theory: "exact for n = 2" },
    {
      name: "one outlier, the others equal",
      ...ratioOf([5, ...Array(999).fill(0.01)]),
      theory: "exact: the bound is attained",
    },
    ...[2, 4, 9].map(equalOutliers),
    {
      name: "evenly spaced from 0 to 1",
      ...ratioOf(Array.from({ length: 1000 }, (_, i) => i / 999)),
      theory: "about √(n/12) + ½: a bulk, no outlier",
    },
  ];
}

/** The same as texts. */
export function prescribedTable(): TitledTable {
  return {
    title: "Where WS is exact, and how it degrades: prescribed spectra",
    head: ["spectrum", "n", "WS/λ_max", "theory"],
    alignment: ["left", "right", "right", "left"],
    rows: prescribedSpectra().map(({ name, size, ratio, theory }) => [
      name,
      `${size}`,
      fixed(ratio, 3),
      theory,
    ]),
    note: "",
  };
}

function ratioOf(eigenvalues: readonly number[]): { size: number; ratio: number } {
  const moments = {
    size: eigenvalues.length,
    trace: eigenvalues.reduce((sum, value) => sum + value, 0),
    frobeniusSquared: eigenvalues.reduce((sum, value) => sum + value * value, 0),
  };
  return { size: eigenvalues.length, ratio: wsBounds(moments).largest.upper / Math.max(...eigenvalues) };
}

/** By linear interpolation. @param sorted ascending */
function quantile(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
