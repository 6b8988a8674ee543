import type { SafeHtml } from "@remix-run/html-template";
import type { SweepResults } from "../sweep/results.js";
import type { SweepFigure } from "./sweep-figures.js";

/** A study's part in the report of any sweep that has its measures. */
export interface Chapter {
  /** Nothing where the sweep does not have them. */
  section?(results: SweepResults): SafeHtml | undefined;
  readonly figures?: readonly SweepFigure[];
}

/** Chapters are loaded when a report is written: pictures take long to load. */
export type LoadChapters = () => Promise<readonly Chapter[]>;
