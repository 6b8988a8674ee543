import type { ChapterText } from "../../report/chapter.js";
import type { SweepResults } from "../../sweep/results.js";
import {
  classTable,
  hasBounds,
  longestTable,
  prescribedTable,
  tightnessFinding,
  tightnessTable,
} from "./tables.js";

/** How tight the bounds are, in numbers, where a sweep measured them. */
export function boundsText(results: SweepResults): ChapterText | undefined {
  if (!hasBounds(results) || results.counts.done === 0) return undefined;
  const finding = tightnessFinding(results);
  return {
    findings: finding === undefined ? [] : [finding],
    table: longestTable(results),
    more: [tightnessTable(results), classTable(results), prescribedTable()],
  };
}
