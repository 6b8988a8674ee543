import type { SweepResults } from "../sweep/results.js";
import type { SweepFigure } from "./sweep-figures.js";
import type { TitledTable } from "./titled-table.js";

/** What a study has to say of a sweep, in the order in which it is read. */
export interface ChapterText {
  /** Sentences drawn from its numbers. */
  readonly findings: readonly string[];
  /** The one table that shows them, of six columns or so. */
  readonly table?: TitledTable | undefined;
  /** All others, folded. */
  readonly more: readonly TitledTable[];
}

/** A study's part in the report of any sweep that has its measures. */
export interface Chapter {
  /** Of what is folded. */
  readonly title: string;
  /** Nothing where the sweep does not have its measures. */
  text?(results: SweepResults): ChapterText | undefined;
  /** The first of them that is drawn stands below the findings, the others are folded. */
  readonly figures?: readonly SweepFigure[];
}

/** Chapters are loaded when a report is written: pictures take long to load. */
export type LoadChapters = () => Promise<readonly Chapter[]>;
