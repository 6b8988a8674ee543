import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { LabError } from "../errors.js";
import { measuresOf, readPlan } from "../sweep/description.js";
import { collect, type SweepResults } from "../sweep/results.js";
import { storeIn } from "../sweep/store.js";
import { plannedIn } from "./planned.js";
import { checkpointOption, redisOption, type SweepingOptions, sweep, workersOption } from "./sweeping.js";

export interface Study {
  /** Of the command, and of its plan in `plans/`. */
  readonly name: string;
  readonly description: string;
  /** Measures that it cannot do without. */
  readonly needs: readonly string[];
  /** What it found, for the terminal. */
  render(results: SweepResults): string;
}

/** A plan that ships with flatward, with tables of its own. */
export function studyCommand({ name, description, needs, render }: Study): Command {
  const shipped = fileURLToPath(new URL(`../../plans/${name}.yaml`, import.meta.url));
  return new Command(name)
    .description(description)
    .option("--plan <file>", "another plan, with the same measures", shipped)
    .option("--output <folder>", "where results go (default: results/<name of the plan>)")
    .addOption(workersOption())
    .addOption(checkpointOption())
    .addOption(redisOption())
    .option("--retry-failed", "run failed cells again")
    .option("--json", "print the results as JSON on stdout, everything else on stderr")
    .action(async ({ plan: path, ...options }: SweepingOptions & { plan: string }) => {
      const plan = readPlan(path);
      const missing = needs.filter((id) => !measuresOf(plan.description).includes(id));
      if (missing.length > 0)
        throw new LabError("usage", `${path}: measures: flatward ${name} needs ${missing.join(", ")} too`);
      const folder = options.output ?? join("results", plan.name);
      const manifest = plannedIn(plan, folder);
      await sweep(manifest, folder, options, `${plan.name}: ${manifest.cells.length} networks`);
      if (!options.json) process.stdout.write(`\n${render(collect(manifest, storeIn(folder)))}\n`);
    });
}
