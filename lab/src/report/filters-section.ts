import type { SweepResults } from "../sweep/results.js";
import { escapeHtml } from "./escape.js";
import { filterFinding, filterRows, hasFilters, quadraticEdges } from "./filters.js";
import { formatNumber } from "./format.js";
import { textTable } from "./tables.js";

/** What the filters say and what the runs did, in numbers, where a sweep measured it. */
export function filtersSection(results: SweepResults): string {
  if (!hasFilters(results) || results.counts.done === 0) return "";
  const rows = filterRows(results);
  const edges = quadraticEdges();
  return `<p class="finding">${escapeHtml(filterFinding(results))}</p>
<section>
<h2>Runs and filters</h2>
${textTable(
  ["optimizer", "runs", "converged", "diverged", "outside", "closest λ_max/edge"],
  rows.map(({ method, runs, converged, diverged, outside, closest }) => [
    method,
    ...[runs, converged, diverged, outside].map(String),
    Number.isFinite(closest) ? closest.toFixed(4) : "–",
  ]),
  [0],
)}
<p class="note">“Outside”: converged runs with an eigenvalue outside the filter by more than 1e-4 of the largest. Runs that did not converge are not held against it: the filter says nothing of them.</p>
<h3>On quadratics, exactly: α = 0.1, β = 0.9, ρ = 0.05</h3>
${textTable(
  ["optimizer", "stable eigenvalues, by formula", "upper edge", "found by iterating"],
  edges.map(({ optimizer, filter, predicted, found }) => [
    optimizer,
    filter,
    predicted.toFixed(3),
    formatNumber(found, 5),
  ]),
  [0, 1],
)}
</section>`;
}
