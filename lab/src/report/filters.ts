import { type MethodName, methods } from "../experiment/methods.js";
import { measuresOf } from "../sweep/description.js";
import type { CellResult, SweepResults } from "../sweep/results.js";
import { formatNumber } from "./format.js";
import { quadraticEdges } from "./quadratic-edges.js";

/** One optimizer's runs against its filter, over all learning rates and radii. */
export interface FilterRow {
  readonly method: string;
  readonly runs: number;
  readonly converged: number;
  readonly diverged: number;
  /** Converged runs with an eigenvalue outside the filter. */
  readonly outside: number;
  /** Largest λ_max/edge of a converged run. */
  readonly closest: number;
}

/** Whether a sweep held spectra against filters. */
export function hasFilters({ description }: Pick<SweepResults, "description">): boolean {
  return ["edgeShare", "outsideFilter"].every((id) => measuresOf(description).includes(id));
}

export function filterRows({ problems }: SweepResults): FilterRow[] {
  const byMethod = new Map<MethodName, CellResult[]>();
  for (const { groups } of problems)
    for (const { family, cells } of groups) byMethod.set(family, [...(byMethod.get(family) ?? []), ...cells]);
  return [...byMethod].map(([family, cells]) => {
    const converged = cells.filter(({ status }) => status === "converged");
    return {
      method: methods[family].label,
      runs: cells.length,
      converged: converged.length,
      diverged: cells.filter(({ status }) => status === "non-finite").length,
      outside: converged.filter(({ measures }) => measures.outsideFilter > 0).length,
      closest: Math.max(...converged.map(({ measures }) => measures.edgeShare)),
    };
  });
}

/** What came out, in one sentence. */
export function filterFinding(results: SweepResults): string {
  const rows = filterRows(results);
  const total = (pick: (row: FilterRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const [runs, converged, diverged, outside] = [
    total((row) => row.runs),
    total((row) => row.converged),
    total((row) => row.diverged),
    total((row) => row.outside),
  ];
  const closest = Math.max(...rows.map((row) => row.closest));
  const near = converged > 0 ? `; the closest comes to ${closest.toFixed(4)} of its edge` : "";
  return `Of ${runs} runs ${converged} converged, and ${outside === 0 ? "none" : outside} of these lies outside its optimizer's filter${near}; ${diverged} diverged, and ${runs - converged - diverged} had not converged when their steps ran out.`;
}

/** A table of texts, the first column to be read. */
export interface FilterTable {
  readonly head: readonly string[];
  readonly rows: readonly string[][];
}

/** What the runs did. */
export function filterTable(results: SweepResults): FilterTable {
  return {
    head: ["optimizer", "runs", "converged", "diverged", "neither", "outside", "closest λ_max/edge"],
    rows: filterRows(results).map(({ method, runs, converged, diverged, outside, closest }) => [
      method,
      ...[runs, converged, diverged, runs - converged - diverged, outside].map(String),
      Number.isFinite(closest) ? closest.toFixed(4) : "–",
    ]),
  };
}

/** What the filters say, on quadratics. */
export function edgeTable(results: SweepResults): FilterTable {
  return {
    head: ["optimizer", "settings", "edges from", "to", "off by"],
    rows: quadraticEdges(results).map(({ method, settings, least, largest, difference }) => [
      method,
      `${settings}`,
      formatNumber(least),
      formatNumber(largest),
      formatNumber(difference, 2),
    ]),
  };
}
