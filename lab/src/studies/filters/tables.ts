import { hasDiverged } from "../../experiment/status.js";
import { counted, fixed, formatNumber } from "../../report/format.js";
import { columns, type TitledTable } from "../../report/titled-table.js";
import { measuresOf } from "../../sweep/description.js";
import type { CellResult, SweepResults } from "../../sweep/results.js";
import { optimizerLabel, quadraticEdges } from "./quadratic-edges.js";

/** One optimizer's runs against its filter, over all learning rates and radii. */
export interface FilterRow {
  readonly method: string;
  readonly runs: number;
  readonly converged: number;
  readonly diverged: number;
  /** Converged runs whose filter is known. */
  readonly compared: number;
  /** Of these, the ones with an eigenvalue outside. */
  readonly outside: number;
  /** Largest λ_max/edge among them; −Infinity where there is none. */
  readonly closest: number;
}

/** Whether a sweep compared spectra with filters. */
export function hasFilters({ description }: Pick<SweepResults, "description">): boolean {
  return ["edgeShare", "outsideFilter"].every((id) => measuresOf(description).includes(id));
}

export function filterRows({ problems }: Pick<SweepResults, "problems">): FilterRow[] {
  const byOptimizer = new Map<string, CellResult[]>();
  for (const group of problems.flatMap(({ groups }) => groups)) {
    const label = optimizerLabel(group);
    byOptimizer.set(label, [...(byOptimizer.get(label) ?? []), ...group.cells]);
  }
  return [...byOptimizer].map(([method, cells]) => {
    const converged = cells.filter(({ status }) => status === "converged");
    const compared = converged.filter(({ measures }) => !Number.isNaN(measures.outsideFilter));
    return {
      method,
      runs: cells.length,
      converged: converged.length,
      diverged: cells.filter(hasDiverged).length,
      compared: compared.length,
      outside: compared.filter(({ measures }) => measures.outsideFilter > 0).length,
      closest: Math.max(...compared.map(({ measures }) => measures.edgeShare)),
    };
  });
}

/** What came out, in one sentence. */
export function filterFinding(results: Pick<SweepResults, "problems" | "counts">): string {
  const rows = filterRows(results);
  const total = (pick: (row: FilterRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const [runs, converged, diverged, compared] = [
    total((row) => row.runs),
    total((row) => row.converged),
    total((row) => row.diverged),
    total((row) => row.compared),
  ];
  const { failed } = results.counts;
  return [
    `Of ${counted(runs, "run")} ${converged} converged${compared > 0 ? `, and ${outsideText(total((row) => row.outside))}` : ""}`,
    ...(compared > 0
      ? [`the closest comes to ${shareText(Math.max(...rows.map((row) => row.closest)))} of its edge`]
      : []),
    ...(compared < converged
      ? [`no filter is known for ${converged - compared} of those that converged`]
      : []),
    `${diverged} diverged, and ${runs - converged - diverged} had not converged when their steps ran out`,
    ...(failed > 0 ? [`${failed} more failed`] : []),
  ]
    .join("; ")
    .concat(".");
}

function outsideText(outside: number): string {
  if (outside > 1) return `${outside} of these lie outside their optimizers' filters`;
  return `${outside === 0 ? "none" : outside} of these lies outside its optimizer's filter`;
}

/** Four decimals, or as many as tell it from 1. */
function shareText(share: number): string {
  const needed = Math.ceil(-Math.log10(Math.abs(share - 1)));
  return fixed(share, Math.min(Math.max(4, needed), 12));
}

/** What the runs did. */
export function filterTable(results: SweepResults): TitledTable {
  return {
    title: "Runs against their optimizer’s filter",
    head: ["optimizer", "runs", "converged", "diverged", "neither", "outside", "closest λ_max/edge"],
    alignment: columns(1, 6),
    rows: filterRows(results).map(({ method, runs, converged, diverged, compared, outside, closest }) => [
      method,
      ...[runs, converged, diverged, runs - converged - diverged].map(String),
      ...(compared > 0 ? [`${outside}`, shareText(closest)] : ["–", "–"]),
    ]),
    note: "“Outside”: converged runs with an eigenvalue outside the filter by more than 1e−4 of the largest. Runs that did not converge do not count: the filter says nothing of them.",
  };
}

/** The filters on quadratics. */
export function edgeTable(results: SweepResults): TitledTable {
  return {
    title: "The same settings on quadratics, by formula and by iterating",
    head: ["optimizer", "settings", "edges from", "to", "off by"],
    alignment: columns(1, 4),
    rows: quadraticEdges(results).map(({ method, settings, least, largest, difference }) => [
      method,
      `${settings}`,
      formatNumber(least),
      formatNumber(largest),
      formatNumber(difference, 2),
    ]),
    note: "“Off by”: the largest relative difference between the edge by its formula and the curvature at which the optimizer's own iteration, a linear map, gets a spectral radius above 1.",
  };
}
