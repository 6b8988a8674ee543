import { hostname } from "node:os";
import type { Command } from "commander";
import { engine } from "../experiment/provenance.js";
import type { CellRecord } from "../sweep/record.js";
import { interruptible } from "../terminal/interrupt.js";
import { integer, number } from "../terminal/options.js";
import { checkpointOption, redisOption, workersOption } from "../terminal/sweeping-options.js";

interface WorkerOptions {
  readonly redis: string;
  readonly workers: number;
  readonly checkpointSeconds: number;
  readonly lockSeconds: number;
  readonly idleSeconds?: number;
  readonly dataRoot?: string;
}

export function workerCommand(command: Command): Command {
  return command
    .addOption(redisOption("the server that hands out cells").makeOptionMandatory())
    .addOption(workersOption())
    .addOption(checkpointOption())
    .option(
      "--lock-seconds <seconds>",
      "silence after which a worker's cells go to another",
      number({ atLeast: 1 }),
      30,
    )
    .option("--idle-seconds <seconds>", "leave after so long without work (default: stay)", integer(1))
    .option(
      "--data-root <folder>",
      "the only folder whose files a job may name (default: none; files that travel with the queue need none)",
    )
    .action(work);
}

async function work({ redis, ...options }: WorkerOptions): Promise<void> {
  const { serve } = await import("../cluster/serve.js");
  const report = (text: string) => void process.stderr.write(`flatward: ${text}`);
  await interruptible(
    () => report("leaving: trainings go back to the queue with a checkpoint; Ctrl-C again leaves at once\n"),
    async (signal) => {
      report(`worker ${process.pid} on ${hostname()}, ${options.workers} threads, flatward ${engine()}\n`);
      const onCell = ({ id, state, config, provenance }: CellRecord) =>
        void process.stdout.write(
          `${state}  ${id.slice(0, 12)}  ${config.method.name}, seed ${config.seed}, ${provenance.wallSeconds.toFixed(2)} s\n`,
        );
      await serve(redis, engine(), options, { report, onCell }, signal);
    },
  );
}
