import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import pc from "picocolors";
import type { TitledTable } from "../report/titled-table.js";
import { terminalColumns, wrapped } from "./width.js";

type Alignment = "left" | "right";

/** Blanks between columns. */
const GAP = 2;
/** A column of text is not made narrower than this. */
const NARROWEST = 20;

/** Width of a table's rules. */
export function widthOf(table: string): number {
  return stripVTControlCharacters(table.split("\n")[0]).length;
}

/**
 * A table without vertical lines, with a rule above and below, as in print. Where the terminal is narrower, its widest
 * column of text is broken into lines; where that is not enough, further columns follow below, with the first again.
 */
export function plainTable(
  head: readonly string[],
  alignment: readonly Alignment[],
  rows: readonly (readonly string[])[],
  columns = terminalColumns(),
): string {
  const widths = head.map((name, i) => Math.max(...[name, ...rows.map((row) => row[i])].map(visible)));
  const over = sum(widths) + GAP * (widths.length - 1) - columns;
  if (over <= 0) return drawn(head, alignment, rows, widths);
  const texts = widths.map((width, i) => (alignment[i] === "left" && head.length > 1 ? width : 0));
  const widest = texts.indexOf(Math.max(...texts));
  if (texts[widest] - over >= NARROWEST)
    return drawn(
      head,
      alignment,
      rows,
      widths.map((width, i) => (i === widest ? width - over : width)),
    );
  return parts(widths, columns)
    .map((part) => {
      const pick = <T>(values: readonly T[]) => part.map((i) => values[i]);
      const [first, ...others] = pick(widths);
      const room = Math.max(NARROWEST, columns - first - GAP);
      return drawn(pick(head), pick(alignment), rows.map(pick), [
        first,
        ...others.map((width) => Math.min(width, room)),
      ]);
    })
    .join("\n");
}

/** Which columns stand in one table: as many as fit, and at least one beside the first. */
function parts(widths: readonly number[], columns: number): number[][] {
  const found: number[][] = [];
  let width = 0;
  for (let i = 1; i < widths.length; i++) {
    const added = GAP + widths[i];
    const last = found.at(-1);
    if (last && width + added <= columns) last.push(i);
    else found.push([0, i]);
    width = (found.at(-1) === last ? width : widths[0]) + added;
  }
  return found.length > 0 ? found : [[0]];
}

function drawn(
  head: readonly string[],
  alignment: readonly Alignment[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const table = new Table({
    head: head.map((name) => pc.bold(name)),
    colAligns: [...alignment],
    colWidths: widths.map((width) => width + GAP),
    wordWrap: true,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
    chars: rulesOnly,
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.slice(0, -GAP))
    .join("\n");
}

/** Tables with their titles and notes, line by line. */
export function titledTables(tables: readonly TitledTable[]): string[] {
  return tables.flatMap(({ title, head, alignment, rows, note }) => [
    "",
    pc.bold(title),
    plainTable(head, alignment, rows),
    pc.dim(wrapped(note)),
  ]);
}

/** The first table, and how to see the others; with `full` all. */
export function briefly(tables: readonly TitledTable[], full = false): string[] {
  const rest = tables.length - 1;
  if (full || rest < 1) return titledTables(tables);
  const others = rest === 1 ? "one more table" : `${rest} more tables`;
  return [
    ...titledTables(tables.slice(0, 1)),
    "",
    pc.dim(`--full prints ${others}; the report has them all.`),
  ];
}

/** Names and values below each other. */
export function factLines(facts: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(...facts.map(([name]) => name.length)) + GAP;
  return facts.map(
    ([name, value]) => `${pc.dim(name.padEnd(width))}${wrapped(value, terminalColumns(), width)}`,
  );
}

const visible = (text: string): number => stripVTControlCharacters(text).length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const rulesOnly = Object.fromEntries(
  [
    ...["mid", "left", "right", "middle", "left-mid", "mid-mid", "right-mid"],
    ...["top-mid", "top-left", "top-right", "bottom-mid", "bottom-left", "bottom-right"],
  ].map((name) => [name, ""]),
);
