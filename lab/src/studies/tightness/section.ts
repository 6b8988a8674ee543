import { html, type SafeHtml } from "@remix-run/html-template";
import { textTable } from "../../report/tables.js";
import type { SweepResults } from "../../sweep/results.js";
import { classTable, hasBounds, prescribedSpectra, tightnessFinding, tightnessTable } from "./tables.js";

/** How tight the bounds are, in numbers, where a sweep measured them. */
export function boundsSection(results: SweepResults): SafeHtml | undefined {
  if (!hasBounds(results) || results.counts.done === 0) return undefined;
  const bounds = tightnessTable(results);
  const byClasses = classTable(results);
  const spectra = prescribedSpectra().map(({ name, size, ratio, theory }) => [
    name,
    `${size}`,
    ratio.toFixed(3),
    theory,
  ]);
  const finding = tightnessFinding(results);
  return html`${finding === undefined ? undefined : html`<p class="finding">${finding}</p>`}
<section>
<h2>By how much the bounds exceed λ_max</h2>
${textTable(bounds.head, bounds.rows, [1, 2])}
<p class="note">Quantiles over networks of bound/λ_max; 1 is exact. “Tightest”: share of networks for which no other bound with the same needs is tighter (ties count for each). Closed forms need traces of H, H² and of parts of them, never H itself.</p>
<h3>WS by the number of classes, after the longest training</h3>
${textTable(byClasses.head, byClasses.rows, [])}
<p class="note">Quantiles of WS bound/λ_max. K − 1 equal outliers among zeros would give √(K−1); the outliers of trained networks are not equal, and Σλ²/λ_max² counts as how many of the largest they come to.</p>
<h3>Where WS is exact, and how it degrades: prescribed spectra</h3>
${textTable(["spectrum", "n", "WS/λ_max", "theory"], spectra, [0, 3])}
</section>`;
}
