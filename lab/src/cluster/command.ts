import { fileURLToPath } from "node:url";

/** This very command line, for scripts: Node and the program by their full paths. */
export const flatwardCommand: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL("../../bin/flatward.js", import.meta.url)),
];
