import type { ChapterText } from "../../report/chapter.js";
import type { SweepResults } from "../../sweep/results.js";
import { gapFindings, variantFindings } from "./findings.js";
import { hasFramework } from "./framework.js";
import { frameworkTables, variantKeyTable } from "./tables.js";

/** The study of landscape measures in numbers, where a sweep measured them. */
export function frameworkText(results: SweepResults): ChapterText | undefined {
  if (!hasFramework(results) || results.counts.done === 0) return undefined;
  const tables = frameworkTables(results);
  const key = variantKeyTable(results);
  const [first, ...others] = key.rows.length > 0 ? [key, ...tables] : tables;
  return {
    findings: [...variantFindings(results), ...gapFindings(results)],
    table: first,
    more: others,
  };
}
