import { html, type SafeHtml } from "@remix-run/html-template";
import { lines, section } from "./parts.js";

/** A table for the terminal and for a page. */
export interface TitledTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly alignment: readonly ("left" | "right")[];
  readonly rows: readonly string[][];
  readonly note: string;
}

/** A section of a page. */
export function tableSection({ title, head, alignment, rows, note }: TitledTable): SafeHtml {
  const left = (column: number) =>
    alignment[column] === "left" ? html` style="text-align:left"` : undefined;
  const heads = head.map((name, i) => html`<th${left(i)}>${name}</th>`);
  const body = rows.map(([first, ...cells]) => {
    const data = cells.map((cell, i) => html`<td${left(i + 1)}>${cell}</td>`);
    return html`<tr><th scope="row">${first}</th>${data}</tr>`;
  });
  return section(
    title,
    html`<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>
${lines(body)}
</tbody></table></div>
<p class="note">${note}</p>`,
  );
}
