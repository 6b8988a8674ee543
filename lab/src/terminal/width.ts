import wrapAnsi from "wrap-ansi";

/** How wide what is printed may be: the terminal's width; without limit where there is none, or it does not know. */
export function terminalColumns({ columns }: { columns?: number } = process.stdout): number {
  return columns || Number.POSITIVE_INFINITY;
}

/** Broken between words to the width. No word is broken, so that paths can be copied. @param indent of all lines but the first */
export function wrapped(text: string, columns = terminalColumns(), indent = 0): string {
  if (!Number.isFinite(columns)) return text;
  return wrapAnsi(text, Math.max(1, columns - indent), { hard: false, trim: true }).replaceAll(
    "\n",
    `\n${" ".repeat(indent)}`,
  );
}

/** A line on a file, or on a hash, with what is to be known of it behind or below it. */
export function fileLine(what: string, path: string, note?: string): string {
  const name = what.padEnd(9);
  if (note === undefined) return `${name}${path}\n`;
  const line = `${name}${path}   (${note})`;
  const below = `${name}${path}\n${" ".repeat(name.length)}${wrapped(`(${note})`, terminalColumns(), name.length)}`;
  return `${line.length <= terminalColumns() ? line : below}\n`;
}
