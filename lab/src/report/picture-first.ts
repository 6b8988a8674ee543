import { html, type SafeHtml } from "@remix-run/html-template";
import type { Figure } from "./figure.js";
import { figureBlock, folded, lines } from "./parts.js";
import { foldedTable, type PageTable, tableBlock } from "./titled-table.js";

/** What a page shows, in the order of its importance. */
interface Shown {
  /** The first is seen, the others are folded. */
  readonly figures: readonly Figure[];
  /** Below the picture. */
  readonly table?: PageTable | undefined;
  readonly tables: readonly PageTable[];
  /** After all tables, folded: a title and its content. */
  readonly more: readonly (readonly [title: string, content: SafeHtml])[];
}

/** The body of a page: the picture, one table, and all else behind its titles. */
export function pictureFirst({ figures, table, tables, more }: Shown): SafeHtml {
  const [first, ...others] = figures;
  return lines([
    first && figureBlock(first),
    table && tableBlock(table),
    html`<div class="folded">
${lines([
  ...others.map((figure) => folded(figure.title, figureBlock(figure))),
  ...tables.map(foldedTable),
  ...more.map(([title, content]) => folded(title, content)),
])}
</div>`,
  ]);
}
