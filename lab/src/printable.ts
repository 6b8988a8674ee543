/** What a terminal obeys or does not show: controls, invisible marks, line separators, halves of pairs. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Whether a text is one line that a terminal shows as it is. */
export function isVisible(text: string): boolean {
  return !unprintable.test(text);
}

/** Of an error on record, which is a sentence or two. */
export const LONGEST_ERROR = 500;

/** Text from outside as one harmless piece of a message: escaped where it is not visible, cut to `limit` characters. */
export function printable(text: string, limit = 80): string {
  let shown = "";
  for (const sign of text) {
    const next = unprintable.test(sign) ? escaped(sign) : sign;
    if (shown.length + next.length > limit) return `${shown}…`;
    shown += next;
  }
  return shown;
}

/** As JSON has it, which leaves some of them as they are. */
function escaped(sign: string): string {
  const json = JSON.stringify(sign).slice(1, -1);
  if (json !== sign) return json;
  const units = Array.from({ length: sign.length }, (_, i) => sign.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** A path as messages have it, whole but for absurd ones: its end is what tells it from others. */
export function shownPath(path: string): string {
  return printable(path, 1000);
}

/** `1 cell`, `2 cells`. */
export function counted(count: number, what: string, several = `${what}s`): string {
  return `${count} ${count === 1 ? what : several}`;
}
