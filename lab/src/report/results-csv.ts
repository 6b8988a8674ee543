import { measureIds } from "../experiment/measures/measures.js";
import type { SweepResults } from "../sweep/results.js";

/** What every row has before its measures. */
const columns = ["index", "id", "problem", "group", "method", "seed", "status", "sha256", "error"] as const;

/**
 * Results as CSV (RFC 4180, UTF-8), one row a cell that is done or has failed, in the order of the manifest: what it is, how
 * it ended ("failed" with its error), then every measure by its id. Numbers have all their digits; where one was not
 * measured, or overflowed, the field is empty.
 */
export function resultsCsv({ problems, failures }: Pick<SweepResults, "problems" | "failures">): string {
  const done = problems.flatMap(({ label: problem, groups }) =>
    groups.flatMap(({ label: group, family: method, cells }) =>
      cells.map(({ measures, ...cell }) => ({ problem, group, method, ...cell, measures })),
    ),
  );
  const failed = failures.map(({ index, id, message }) => ({ index, id, status: "failed", error: message }));
  const measured = measureIds.filter((id) => done.some(({ measures }) => id in measures));
  const rows: Row[] = [...done, ...failed].sort((a, b) => a.index - b.index);
  const lines = rows.map((row) => [
    ...columns.map((name) => row[name]),
    ...measured.map((id) => row.measures?.[id]),
  ]);
  return [[...columns, ...measured], ...lines].map((fields) => `${fields.map(field).join(",")}\n`).join("");
}

type Row = { readonly [Name in (typeof columns)[number]]?: string | number } & {
  readonly index: number;
  readonly measures?: Readonly<Record<string, number>>;
};

function field(value: string | number | undefined): string {
  if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) return "";
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
