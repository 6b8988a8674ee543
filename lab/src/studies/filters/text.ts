import type { ChapterText } from "../../report/chapter.js";
import type { SweepResults } from "../../sweep/results.js";
import { edgeTable, filterFinding, filterTable, hasFilters } from "./tables.js";

/** Filters and runs in numbers, where a sweep measured them. */
export function filtersText(results: SweepResults): ChapterText | undefined {
  if (!hasFilters(results) || results.counts.done === 0) return undefined;
  return {
    findings: [filterFinding(results)],
    table: filterTable(results),
    more: [edgeTable(results)],
  };
}
