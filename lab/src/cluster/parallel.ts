import { join } from "node:path";
import type { Chunk } from "./chunks.js";
import { flatwardCommand, quote } from "./command.js";

export interface ParallelOptions {
  /** Absolute. */
  readonly folder: string;
  readonly manifest: string;
  /** All of them: GNU parallel remembers jobs by their position. */
  readonly chunks: readonly Chunk[];
}

/** A script for GNU parallel: run again, it repeats what failed and what is missing. */
export function parallelScript({ folder, manifest, chunks }: ParallelOptions): string {
  const command = [...flatwardCommand, "run", "--workers", "1", "--of", manifest, "--index"]
    .map(quote)
    .join(" ");
  const jobs = chunks.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  return `#!/bin/bash
# As many cells at once as the machine has cores; JOBS=3 for three. Further options go to parallel: --bar, --sshlogin …
exec parallel --jobs "\${JOBS:-100%}" --joblog ${quote(join(folder, "parallel.log"))} --resume-failed "$@" \\
  ${quote(command)} {} ::: ${jobs.join(" ")}
`;
}
