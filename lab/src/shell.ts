/** A word of a shell command. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command line of ours, for people to copy. */
export function flatwardLine(...words: readonly string[]): string {
  return ["npx", "flatward", ...words].map(quote).join(" ");
}
