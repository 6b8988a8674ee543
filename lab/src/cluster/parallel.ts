import { join } from "node:path";
import { quote } from "../shell.js";
import type { Chunk } from "./chunks.js";
import { flatwardCommand } from "./command.js";

export interface ParallelOptions {
  /** Absolute. */
  readonly folder: string;
  readonly manifest: string;
  readonly chunks: readonly Chunk[];
}

/** A script for GNU parallel. Run again, it passes over what is done: that is left to `flatward run`, not to its log. */
export function parallelScript({ folder, manifest, chunks }: ParallelOptions): string {
  const command = [...flatwardCommand, "run", "--workers", "1", "--of", manifest, "--index"]
    .map(quote)
    .join(" ");
  const jobs = chunks.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  return `#!/bin/bash
# As many cells at once as the machine has cores; JOBS=3 for three. Further options go to parallel: --bar, --sshlogin …
exec parallel --jobs "\${JOBS:-100%}" --joblog ${quote(join(folder, "parallel.log"))} "$@" \\
  ${quote(command)} {} ::: ${jobs.join(" ")}
`;
}
