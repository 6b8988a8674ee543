import type { SweepResults } from "../sweep/results.js";
import { escapeHtml } from "./escape.js";
import { formatNumber } from "./format.js";
import { textTable } from "./tables.js";
import { hasBounds, prescribedSpectra, tightnessFinding, tightnessRows } from "./tightness.js";

/** How tight the bounds are, in numbers, where a sweep measured them. */
export function boundsSection(results: SweepResults): string {
  if (!hasBounds(results) || results.counts.done === 0) return "";
  const rows = tightnessRows(results).map(
    ({ steps, networks, bound, closed, best, median, ninetieth, worst, tightest }) => [
      `${steps}`,
      `${networks}`,
      bound,
      closed ? "closed form" : "H",
      ...[best, median, ninetieth, worst].map(formatNumber),
      `${(100 * tightest).toFixed(0)} %`,
    ],
  );
  const spectra = prescribedSpectra().map(({ name, size, ratio, theory }) => [
    name,
    `${size}`,
    ratio.toFixed(3),
    theory,
  ]);
  const finding = tightnessFinding(results);
  return `${finding === undefined ? "" : `<p class="finding">${escapeHtml(finding)}</p>`}
<section>
<h2>By how much the bounds exceed λ_max</h2>
${textTable(["training steps", "networks", "bound", "needs", "best", "median", "90 %", "worst", "tightest"], rows, [2, 3])}
<p class="note">Quantiles over networks of bound/λ_max; 1 is exact. “Tightest”: share of networks for which no other bound with the same needs is tighter (ties count for each). Closed forms need traces of H, H² and of parts of them, never H itself.</p>
<h3>Where WS is exact, and how it degrades: prescribed spectra</h3>
${textTable(["spectrum", "n", "WS/λ_max", "theory"], spectra, [0, 3])}
</section>`;
}
