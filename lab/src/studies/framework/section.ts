import { html, type SafeHtml } from "@remix-run/html-template";
import { lines } from "../../report/parts.js";
import { textTable } from "../../report/tables.js";
import type { SweepResults } from "../../sweep/results.js";
import { hasFramework } from "./framework.js";
import { frameworkTables, variantFindings } from "./tables.js";

/** The study of landscape measures in numbers, where a sweep measured them. */
export function frameworkSection(results: SweepResults): SafeHtml | undefined {
  if (!hasFramework(results) || results.counts.done === 0) return undefined;
  const findings = variantFindings(results).map((text) => html`<p class="finding">${text}</p>`);
  const tables = frameworkTables(results).map(
    ({ title, head, rows, left, note }) => html`<h3>${title}</h3>
${textTable(head, rows, left)}
<p class="note">${note}</p>`,
  );
  return html`${lines(findings)}
<section>
<h2>The framework</h2>
${lines(tables)}
</section>`;
}
