import { html, type SafeHtml } from "@remix-run/html-template";
import { textTable } from "../../report/tables.js";
import type { SweepResults } from "../../sweep/results.js";
import { edgeTable, filterFinding, filterTable, hasFilters } from "./tables.js";

/** Filters and runs in numbers, where a sweep measured them. */
export function filtersSection(results: SweepResults): SafeHtml | undefined {
  if (!hasFilters(results) || results.counts.done === 0) return undefined;
  const runs = filterTable(results);
  const edges = edgeTable(results);
  return html`<p class="finding">${filterFinding(results)}</p>
<section>
<h2>Runs and filters</h2>
${textTable(runs.head, runs.rows, [0])}
<p class="note">“Outside”: converged runs with an eigenvalue outside the filter by more than 1e-4 of the largest. Runs that did not converge do not count: the filter says nothing of them.</p>
<h3>The same settings on quadratics, exactly</h3>
${textTable(edges.head, edges.rows, [0])}
<p class="note">“Off by”: the largest relative difference between the edge by its formula and the curvature at which the optimizer's own iteration, a linear map, gets a spectral radius above 1.</p>
</section>`;
}
