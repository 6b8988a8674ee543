import { isVisible } from "./printable.js";

/** A word of a shell command; what a terminal would obey is escaped, as bash and zsh read it. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return isVisible(word) ? `'${word.replaceAll("'", "'\\''")}'` : `$'${bytesOf(word)}'`;
}

/** All that is not plain ASCII, byte by byte. */
function bytesOf(word: string): string {
  const bytes = Array.from(Buffer.from(word), (byte) => {
    const sign = String.fromCharCode(byte);
    return /[\w@%+=:,./ -]/.test(sign) ? sign : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return bytes.join("");
}

/** A command line of ours, for people to copy. */
export function flatwardLine(...words: readonly string[]): string {
  return ["npx", "flatward", ...words].map(quote).join(" ");
}
