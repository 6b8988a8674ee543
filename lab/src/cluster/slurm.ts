import { join } from "node:path";
import { quote } from "../shell.js";
import { type Chunk, rangesText } from "./chunks.js";
import { flatwardCommand } from "./command.js";

export interface SlurmOptions {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly manifest: string;
  readonly chunks: readonly Chunk[];
  readonly cellsPerTask: number;
  /** Cells of the whole manifest. */
  readonly cells: number;
  /** Threads a task. */
  readonly workers: number;
  /** As sbatch takes it. */
  readonly time: string;
  /** Tasks at once. */
  readonly concurrency?: number | undefined;
  readonly partition?: string | undefined;
}

/**
 * A job array: one task a chunk. A cell that fails makes its task fail; a task that comes to its time limit keeps
 * a checkpoint and is queued again.
 */
export function slurmScript(options: SlurmOptions): string {
  const { name, folder, manifest, chunks, cellsPerTask, cells, workers, time, concurrency, partition } =
    options;
  const limit = concurrency === undefined ? "" : `%${concurrency}`;
  return `#!/bin/bash
#SBATCH --job-name=${quote(name)}
#SBATCH --array=${rangesText(chunks.map(({ position }) => position))}${limit}
#SBATCH --cpus-per-task=${workers}
#SBATCH --time=${time}
${partition === undefined ? "" : `#SBATCH --partition=${quote(partition)}\n`}#SBATCH --output=${quote(join(folder.replaceAll("%", "%%"), "slurm", "%A_%a.log"))}
#SBATCH --requeue
#SBATCH --open-mode=append
# One minute before the time limit, so that trainings can keep a checkpoint:
#SBATCH --signal=B:TERM@60

# Array tasks with cells that were not done when this was written. Write it again, after some are done or have failed,
# and it names what is still missing.
flatward=(${"$"}{FLATWARD:-${flatwardCommand.map(quote).join(" ")}})
first=$((SLURM_ARRAY_TASK_ID * ${cellsPerTask}))
last=$((first + ${cellsPerTask - 1}))
if ((last > ${cells - 1})); then last=${cells - 1}; fi

finish() {
  # 75: stopped early with a checkpoint.
  if (($1 == 75)); then
    scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
  fi
  exit "$1"
}

"\${flatward[@]}" run --of ${quote(manifest)} --index "$first-$last" --workers ${workers} &
run=$!
# The first signal is passed on. More of them would end the wait for what comes of it, and are ignored.
trap 'trap "" TERM; kill -TERM "$run" 2>/dev/null; wait "$run"; finish "$?"' TERM
wait "$run"
finish "$?"
`;
}
