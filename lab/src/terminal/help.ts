import { type Command, Help } from "commander";
import { terminalColumns, wrapped } from "./width.js";

/** Help of a pipe or a file is as wide as commander makes it. */
const PIPED = 80;
/** Columns that a description needs beside its term. */
const BESIDE = 40;

/** Descriptions stand beside their terms, or, in a narrow terminal, below them. */
export function formatItem(this: Help, term: string, termWidth: number, text: string, helper: Help): string {
  const columns = helper.helpWidth ?? PIPED;
  const isNarrow = columns - termWidth - 4 < BESIDE;
  return isNarrow && text !== ""
    ? `  ${term}\n      ${wrapped(text, columns, 6)}`
    : Help.prototype.formatItem.call(this, term, termWidth, text, helper);
}

/** Adds calls of `flatward`, and a paragraph behind them, to a command's help. */
export function addExamples(command: Command, examples: readonly string[], paragraph?: string): void {
  const columns = Math.min(PIPED, terminalColumns());
  command.addHelpText("after", () =>
    [
      "",
      "Examples:",
      ...examples.map((line) => `  ${wrapped(`flatward ${line}`, columns, 4)}`),
      ...(paragraph === undefined ? [] : ["", wrapped(paragraph, columns)]),
    ].join("\n"),
  );
}
