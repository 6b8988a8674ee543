import type { SafeHtml } from "@remix-run/html-template";
import type { SweepResults } from "../sweep/results.js";
import { figureWithCells } from "./cells.js";
import type { Chapter, ChapterText } from "./chapter.js";
import type { Figure } from "./figure.js";
import { findingBlock, folded, lines, section } from "./parts.js";
import { foldedTable, tableBlock } from "./titled-table.js";

/** A chapter that has something to say of a sweep, or a picture of it. */
export interface ChapterPart {
  readonly title: string;
  /** Absent where it has pictures alone. */
  readonly text?: ChapterText;
  readonly figures: readonly { readonly title: string; readonly block: SafeHtml }[];
}

/** Those that say something come first. @param drawn pictures of the whole sweep */
export function chapterParts(
  chapters: readonly Chapter[],
  results: SweepResults,
  drawn: readonly Figure[],
): ChapterPart[] {
  const parts = chapters.flatMap(({ title, text, figures = [] }): ChapterPart[] => {
    const own = drawn
      .filter(({ name }) => figures.some((figure) => figure.name === name))
      .map((figure) => ({ title: figure.title, block: figureWithCells(figure, results.problems) }));
    const said = text?.(results);
    if (said === undefined) return own.length > 0 ? [{ title, figures: own }] : [];
    return [{ title, text: said, figures: own }];
  });
  return [...parts.filter(({ text }) => text), ...parts.filter(({ text }) => !text)];
}

/** The picture and the table that show what was found. */
export function firstPart({ text, figures }: ChapterPart): SafeHtml | undefined {
  return text && lines([figures[0]?.block, text.table && tableBlock(text.table)]);
}

/** The same of a chapter that is not the page's first. */
export function furtherPart(part: ChapterPart): SafeHtml | undefined {
  return part.text && section(part.title, lines([findingBlock(part.text.findings), firstPart(part)]));
}

/** What else a chapter has. */
export function foldedPart({ text, figures }: ChapterPart): SafeHtml {
  return lines([
    ...figures.slice(text ? 1 : 0).map(({ title, block }) => folded(title, block)),
    ...(text?.more ?? []).map(foldedTable),
  ]);
}
