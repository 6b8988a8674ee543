import type { SafeHtml } from "@remix-run/html-template";
import type { SweepResults } from "../sweep/results.js";
import { figureWithCells } from "./cells.js";
import type { Chapter, ChapterText } from "./chapter.js";
import type { Figure } from "./figure.js";
import { findingBlock, folded, lines, section } from "./parts.js";
import { foldedTable, tableBlock } from "./titled-table.js";

/** A chapter that has something to say of a sweep, with its pictures. */
export interface ChapterPart {
  readonly title: string;
  readonly text: ChapterText;
  readonly figures: readonly { readonly title: string; readonly block: SafeHtml }[];
}

/** @param drawn pictures of the whole sweep */
export function chapterParts(
  chapters: readonly Chapter[],
  results: SweepResults,
  drawn: readonly Figure[],
): ChapterPart[] {
  return chapters.flatMap(({ title, text, figures = [] }) => {
    const own = drawn
      .filter(({ name }) => figures.some((figure) => figure.name === name))
      .map((figure) => ({ title: figure.title, block: figureWithCells(figure, results.problems) }));
    const said = text?.(results) ?? (own.length > 0 ? { findings: [], more: [] } : undefined);
    return said === undefined ? [] : [{ title, text: said, figures: own }];
  });
}

/** The picture and the table that show what was found. */
export function firstPart({ text, figures }: ChapterPart): SafeHtml {
  return lines([figures[0]?.block, text.table && tableBlock(text.table)]);
}

/** The same of a chapter that is not the page's first. */
export function furtherPart(part: ChapterPart): SafeHtml {
  return section(part.title, lines([findingBlock(part.text.findings), firstPart(part)]));
}

/** What else a chapter has. */
export function foldedPart({ text, figures }: ChapterPart): SafeHtml {
  return lines([
    ...figures.slice(1).map(({ title, block }) => folded(title, block)),
    ...text.more.map(foldedTable),
  ]);
}
