import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import pc from "picocolors";
import type { TitledTable } from "../report/titled-table.js";

/** Width of a table's rules. */
export function widthOf(table: string): number {
  return stripVTControlCharacters(table.split("\n")[0]).length;
}

/** A table without vertical lines, with a rule above and below, as in print. */
export function plainTable(
  head: readonly string[],
  alignment: readonly ("left" | "right")[],
  rows: readonly string[][],
): string {
  const table = new Table({
    head: head.map(pc.bold),
    colAligns: [...alignment],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: rulesOnly,
  });
  table.push(...rows);
  return table.toString();
}

/** Tables with their titles and notes, line by line. */
export function titledTables(tables: readonly TitledTable[]): string[] {
  return tables.flatMap(({ title, head, alignment, rows, note }) => [
    "",
    pc.bold(title),
    plainTable(head, alignment, rows),
    pc.dim(note),
  ]);
}

const rulesOnly = Object.fromEntries(
  [
    ...["mid", "left", "right", "middle", "left-mid", "mid-mid", "right-mid"],
    ...["top-mid", "top-left", "top-right", "bottom-mid", "bottom-left", "bottom-right"],
  ].map((name) => [name, ""]),
);
