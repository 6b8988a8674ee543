import type { Command } from "commander";
import type { Chapter, LoadChapters } from "../report/chapter.js";

/** Adds to a command its arguments, its options and what it does. @param chapters of all studies, for reports of sweeps */
export type FillCommand = (command: Command, chapters: LoadChapters) => Command;

/** A command as the program's help shows it: its code is loaded when it is named. */
export interface CommandEntry {
  readonly name: string;
  /** As it stands behind the name: `[data]`. */
  readonly takes: string;
  readonly description: string;
  /** Command lines, without `flatward`. */
  readonly examples: readonly string[];
  load(): Promise<FillCommand>;
}

/** A study, whole: its command, and its chapter in the report of every sweep that measured what it tells of. */
export interface Study extends CommandEntry {
  chapter?(): Promise<Chapter>;
}

/** The chapters of all studies, in their order. */
export function chaptersOf(studies: readonly Study[]): LoadChapters {
  return () => Promise.all(studies.flatMap(({ chapter }) => chapter?.() ?? []));
}
