import { escapeHtml } from "../../report/escape.js";
import { textTable } from "../../report/tables.js";
import type { SweepResults } from "../../sweep/results.js";
import { hasFramework } from "./framework.js";
import { frameworkTables, variantFindings } from "./tables.js";

/** The study of landscape measures in numbers, where a sweep measured them. */
export function frameworkSection(results: SweepResults): string {
  if (!hasFramework(results) || results.counts.done === 0) return "";
  const findings = variantFindings(results).map((text) => `<p class="finding">${escapeHtml(text)}</p>`);
  const tables = frameworkTables(results).map(
    ({ title, head, rows, left, note }) => `<h3>${escapeHtml(title)}</h3>
${textTable(head, rows, left)}
<p class="note">${escapeHtml(note)}</p>`,
  );
  return `${findings.join("\n")}
<section>
<h2>The framework</h2>
${tables.join("\n")}
</section>`;
}
