import { join } from "node:path";
import { Command } from "commander";
import { readPlan } from "../sweep/description.js";
import { manifestText } from "../sweep/manifest.js";
import { storeIn } from "../sweep/store.js";
import { renderPlan } from "../terminal/plan-table.js";
import { plannedIn } from "../terminal/planned.js";
import {
  checkpointOption,
  recomputeOption,
  redisOption,
  type SweepingOptions,
  sweep,
  workersOption,
} from "../terminal/sweeping.js";
import { damageNotice } from "./notice.js";

interface SweepOptions extends SweepingOptions {
  readonly dryRun?: boolean;
}

export function sweepCommand(): Command {
  return new Command("sweep")
    .description(
      "Run a grid of experiments: every cell that is not done yet. Stop it when you like: the same command goes on.",
    )
    .argument("<plan>", "a description in JSON or YAML; flatward schema prints its schema")
    .option("--output <folder>", "where results go (default: results/<name of the plan>)")
    .option("--dry-run", "show what would be run (with --json, the manifest), and write nothing")
    .option("--retry-failed", "run failed cells again")
    .addOption(recomputeOption())
    .addOption(workersOption())
    .addOption(checkpointOption())
    .addOption(redisOption())
    .option("--json", "print the results as JSON on stdout, everything else on stderr")
    .action(async (path: string, options: SweepOptions) => {
      const plan = readPlan(path);
      const folder = options.output ?? join("results", plan.name);
      const manifest = plannedIn(plan, folder);
      if (options.dryRun) {
        const store = storeIn(folder);
        process.stdout.write(options.json ? manifestText(manifest) : `${renderPlan(manifest, store)}\n`);
        process.stderr.write(damageNotice(store.damaged(), "record", store.cells, "computed again"));
      } else await sweep(manifest, folder, options);
    });
}
