import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import type { SourceConfig } from "../data/sources.js";
import { LabError } from "../errors.js";
import { measuresOf, type Plan, readPlan } from "../sweep/description.js";
import { manifestOf } from "../sweep/manifest.js";
import { collect, type SweepResults } from "../sweep/results.js";
import { storeIn } from "../sweep/store.js";
import { checkpointOption, redisOption, type SweepingOptions, sweep, workersOption } from "./sweeping.js";

export interface Study {
  /** Of the command, and of its plan in `plans/`. */
  readonly name: string;
  readonly description: string;
  /** Measures that it cannot do without. */
  readonly needs: readonly string[];
  /** Another plan of its own, for data that the user has. */
  readonly onData?: {
    readonly option: string;
    readonly says: string;
    /** In `plans/`. */
    readonly plan: string;
    source(given: string): SourceConfig;
  };
  /** What it found, for the terminal. */
  render(results: SweepResults): string;
}

interface StudyOptions extends SweepingOptions {
  readonly plan?: string;
  readonly data?: string;
}

function shipped(plan: string): string {
  return fileURLToPath(new URL(`../../plans/${plan}.yaml`, import.meta.url));
}

/** The plan for the user's data, on these. It is no file any more. */
function planOn(
  given: string,
  path: string,
  name: string,
  { plan, source }: NonNullable<Study["onData"]>,
): Plan {
  const { file: _, ...rest } = readPlan(path === shipped(name) ? shipped(plan) : path);
  return { ...rest, description: { ...rest.description, data: source(given) } };
}

/** A plan that ships with flatward, with tables of its own. */
export function studyCommand({ name, description, needs, onData, render }: Study): Command {
  const command = new Command(name)
    .description(description)
    .option("--plan <file>", "another plan, with the same measures (default: the one that ships)");
  if (onData) command.option(onData.option, onData.says);
  return command
    .option("--output <folder>", "where results go (default: results/<name of the plan>)")
    .addOption(workersOption())
    .addOption(checkpointOption())
    .addOption(redisOption())
    .option("--retry-failed", "run failed cells again")
    .option("--json", "print the results as JSON on stdout, everything else on stderr")
    .action(async ({ plan: path = shipped(name), data, ...options }: StudyOptions) => {
      const plan = onData && data !== undefined ? planOn(data, path, name, onData) : readPlan(path);
      const missing = needs.filter((id) => !measuresOf(plan.description).includes(id));
      if (missing.length > 0)
        throw new LabError(
          "usage",
          `${plan.file ?? path}: measures: flatward ${name} needs ${missing.join(", ")} too`,
        );
      const manifest = manifestOf(plan);
      const folder = options.output ?? join("results", plan.name);
      await sweep(manifest, folder, options, `${plan.name}: ${manifest.cells.length} networks`);
      if (!options.json) process.stdout.write(`\n${render(collect(manifest, storeIn(folder)))}\n`);
    });
}
