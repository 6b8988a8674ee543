import type { Command } from "commander";
import type { LoadChapters } from "../report/chapter.js";
import { readPlan } from "../sweep/description.js";
import { manifestText } from "../sweep/manifest.js";
import { storeIn } from "../sweep/store.js";
import { damageNotice } from "../terminal/notice.js";
import { renderPlan } from "../terminal/plan-table.js";
import { plannedIn } from "../terminal/planned.js";
import { resultsFolder } from "../terminal/results-folder.js";
import { sweep } from "../terminal/sweeping.js";
import {
  addSweepingOptions,
  outputOption,
  recomputeOption,
  type SweepingOptions,
} from "../terminal/sweeping-options.js";

interface SweepOptions extends SweepingOptions {
  readonly dryRun?: boolean;
}

export function sweepCommand(command: Command, chapters: LoadChapters): Command {
  command
    .argument("<plan>", "a description in JSON or YAML; flatward schema prints its schema")
    .addOption(outputOption("results/<name of the plan>"))
    .option("--dry-run", "show what would be run (with --json, the manifest), and write nothing");
  return addSweepingOptions(command)
    .addOption(recomputeOption())
    .action(async (path: string, options: SweepOptions) => {
      const plan = readPlan(path);
      const folder = resultsFolder(plan, options.output);
      const manifest = plannedIn(plan, folder);
      if (options.dryRun) {
        const store = storeIn(folder);
        process.stdout.write(options.json ? manifestText(manifest) : `${renderPlan(manifest, store)}\n`);
        process.stderr.write(damageNotice(store.damaged(), "record", store.cells, "computed again"));
      } else await sweep(manifest, folder, options, { chapters });
    });
}
