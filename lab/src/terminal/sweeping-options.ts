import { type Command, InvalidArgumentError, Option } from "commander";
import { defaultPool } from "../sweep/pool.js";
import { integer, number } from "./options.js";

/** The options of several commands on how a sweep is run. */
export interface SweepingOptions {
  readonly output?: string;
  readonly workers: number;
  readonly checkpointSeconds: number;
  readonly redis?: string;
  readonly retryFailed?: boolean;
  readonly failFast?: boolean;
  readonly recompute?: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
}

const COMPUTING = "Computing:";
const OUTPUT = "Output:";

/** @param where results go without it */
export const outputOption = (where: string) =>
  new Option("--output <folder>", `where results go (default: ${where})`).helpGroup(OUTPUT);

export const workersOption = () =>
  new Option("--workers <count>", "threads to compute on; 1 gives the cleanest timings")
    .helpGroup(COMPUTING)
    .argParser(integer(1))
    .default(defaultPool.workers);

export const checkpointOption = () =>
  new Option("--checkpoint-seconds <seconds>", "between two checkpoints of a training")
    .helpGroup(COMPUTING)
    .argParser(number({ above: 0 }))
    .default(defaultPool.checkpointSeconds);

export const redisOption = (what = "leave the computing to workers behind this Redis server") =>
  new Option("--redis <url>", `${what}, redis://host:6379`).helpGroup(COMPUTING).argParser((text) => {
    if (/^rediss?:\/\/./.test(text) && URL.canParse(text)) return text;
    throw new InvalidArgumentError("It must be a URL like redis://localhost:6379.");
  });

export const recomputeOption = () =>
  new Option(
    "--recompute",
    "compute finished cells again, and compare the new bits with the old ones",
  ).helpGroup(COMPUTING);

export const jsonOption = () =>
  new Option("--json", "print the results as JSON on stdout, everything else on stderr").helpGroup(OUTPUT);

export const fullOption = () =>
  new Option("--full", "print every table, not only the first").helpGroup(OUTPUT);

/** Adds the options of every command that runs a sweep. */
export function addSweepingOptions(command: Command): Command {
  return command
    .optionsGroup(COMPUTING)
    .addOption(workersOption())
    .addOption(checkpointOption())
    .addOption(redisOption())
    .option("--retry-failed", "run failed cells again")
    .option("--fail-fast", "stop at the first cell that fails (one that diverges does not)")
    .addOption(fullOption())
    .addOption(jsonOption());
}
