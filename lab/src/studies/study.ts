import type { Command } from "commander";
import type { Chapter, LoadChapters } from "../report/chapter.js";

/** A study, whole: its command, and its chapter in the report of every sweep that measured what it tells of. */
export interface Study {
  /** @param chapters of all studies, for the report of a sweep of its own */
  command(chapters: LoadChapters): Command;
  chapter?(): Promise<Chapter>;
}

/** The chapters of all studies, in their order. */
export function chaptersOf(studies: readonly Study[]): LoadChapters {
  return () => Promise.all(studies.flatMap(({ chapter }) => chapter?.() ?? []));
}
