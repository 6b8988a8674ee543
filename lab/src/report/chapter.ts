import type { SafeHtml } from "@remix-run/html-template";
import type { SweepResults } from "../sweep/results.js";
import type { SweepFigure } from "./sweep-figures.js";

/** What a study has to say in the report of any sweep that measured what it tells of. */
export interface Chapter {
  /** Nothing where the sweep did not measure that. */
  section?(results: SweepResults): SafeHtml | undefined;
  readonly figures?: readonly SweepFigure[];
}

/** Chapters are loaded when a report is written: pictures take long to load. */
export type LoadChapters = () => Promise<readonly Chapter[]>;
