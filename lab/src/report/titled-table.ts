import { html, type SafeHtml } from "@remix-run/html-template";
import { mathText, spokenText } from "./math-text.js";
import { folded, lines } from "./parts.js";

/** A table for the terminal and for a page. */
export interface TitledTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly alignment: readonly ("left" | "right")[];
  readonly rows: readonly (readonly string[])[];
  readonly note: string;
}

/** A cell of a page, where it is more than a text. */
export interface PageCell {
  readonly text: string;
  readonly strong?: boolean;
  /** Of a dot before it. */
  readonly color?: string | undefined;
  /** What is to be known of it. */
  readonly remarks?: readonly string[];
}

/** A table of a page. */
export interface PageTable {
  readonly title: string;
  /** With what a pointer shows of a column. */
  readonly head: readonly (string | { readonly label: string; readonly explanation: string })[];
  readonly alignment: readonly ("left" | "right")[];
  readonly rows: readonly (readonly (string | PageCell)[])[];
  readonly note?: string | SafeHtml | undefined;
}

/** A table under its title; it scrolls under its first column where it is wider than the page. */
export function tableBlock({ title, head, alignment, rows, note }: PageTable): SafeHtml {
  const left = (column: number) => (alignment[column] === "left" ? html` class="text"` : undefined);
  const heads = head.map((one, i) => {
    const { label, explanation } = typeof one === "string" ? { label: one, explanation: undefined } : one;
    if (label === "") return html`<td></td>`;
    const said = explanation === undefined ? undefined : html` title="${explanation}"`;
    return html`<th scope="col"${left(i)}${said}>${mathText(label)}</th>`;
  });
  const body = rows.map(([first, ...cells]) => {
    const data = cells.map((cell, i) => html`<td${left(i + 1)}>${cellText(cell)}</td>`);
    const name = first === "" ? html`<td></td>` : html`<th scope="row">${cellText(first)}</th>`;
    return html`<tr>${name}${data}</tr>`;
  });
  const remark = note === undefined || note === "" ? undefined : html`<p class="note">${noteText(note)}</p>`;
  return html`<div class="scroll" role="group" aria-label="${spokenText(title)}" tabindex="0"><table><caption><span>${mathText(title)}</span></caption><thead><tr>${heads}</tr></thead><tbody>
${lines(body)}
</tbody></table></div>
${remark}`;
}

/** The same behind its title. */
export function foldedTable(table: PageTable): SafeHtml {
  return folded(table.title, tableBlock(table));
}

/** Columns that are read, then columns that are compared. */
export function columns(read: number, compared: number): ("left" | "right")[] {
  return Array.from({ length: read + compared }, (_, i) => (i < read ? "left" : "right"));
}

function cellText(cell: string | PageCell): SafeHtml {
  if (typeof cell === "string") return mathText(cell);
  const { text, strong, color, remarks = [] } = cell;
  const dot =
    color === undefined ? undefined : html`<span class="swatch" style="background:${color}"></span>`;
  const shown = strong ? html`<b>${mathText(text)}</b>` : mathText(text);
  return html`${dot}${shown}${remarks.map((remark) => html` <span class="warning">${remark}</span>`)}`;
}

function noteText(note: string | SafeHtml): SafeHtml {
  return typeof note === "string" ? mathText(note) : note;
}
