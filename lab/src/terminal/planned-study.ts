import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import type { SourceConfig } from "../data/sources.js";
import { LabError } from "../errors.js";
import type { LoadChapters } from "../report/chapter.js";
import { measuresOf, type Plan, readPlan } from "../sweep/description.js";
import { collect, type SweepResults } from "../sweep/results.js";
import { storeIn } from "../sweep/store.js";
import type { DataOptions } from "./data.js";
import { isGiven, optionName } from "./options.js";
import { plannedIn } from "./planned.js";
import { sweep } from "./sweeping.js";
import { addSweepingOptions, type SweepingOptions } from "./sweeping-options.js";

/** A study that is a sweep: a plan that ships with flatward, and tables of its own. */
export interface PlannedStudy {
  /** Of the command, and of its plan in `plans/`. */
  readonly name: string;
  readonly description: string;
  /** Measures that it needs. */
  readonly needs: readonly string[];
  /** Another plan, for data that are named. */
  readonly onData?: {
    /** Adds --data, and what belongs to it. */
    addOptions(command: Command): Command;
    /** @param planFile given by the user */
    planOn(options: DataOptions & { readonly data: string }, planFile: string | undefined): Plan;
  };
  /** Its results, for the terminal. */
  render(results: SweepResults): string;
}

interface StudyOptions extends SweepingOptions, DataOptions {
  readonly plan?: string;
}

/** A plan that ships with flatward. */
function shipped(name: string): string {
  return fileURLToPath(new URL(`../../plans/${name}.yaml`, import.meta.url));
}

/** A plan from its file, or one that ships, on other data. It is no file any more. */
export function planOn(source: SourceConfig, planFile: string | undefined, name: string): Plan {
  const { file: _, ...rest } = readPlan(planFile ?? shipped(name));
  return { ...rest, description: { ...rest.description, data: source } };
}

/** Options that belong to --data have no effect without it, and a plan sets all but the data. @throws LabError "usage" */
function refuseIdle(given: readonly string[], data: string | undefined, planFile: string | undefined): void {
  const own = ["data", "label"];
  const unused = given.find(
    (option) => data === undefined || (planFile !== undefined && !own.includes(option)),
  );
  if (unused === undefined) return;
  const why =
    data === undefined ? "belongs to --data: name data too" : `is set by ${planFile}: change it there`;
  throw new LabError("usage", `${optionName(unused)} ${why}, or leave it out`);
}

/** Runs the plan of a study, and shows its tables. */
export function studyCommand(
  chapters: LoadChapters,
  { name, description, needs, onData, render }: PlannedStudy,
): Command {
  const command = new Command(name)
    .description(description)
    .option("--plan <file>", "another plan, with the same measures (default: the one that ships)");
  const shared = command.options.length;
  onData?.addOptions(command);
  const ofData = command.options.slice(shared).map((option) => option.attributeName());
  command.option("--output <folder>", "where results go (default: results/<name of the plan>)");
  return addSweepingOptions(command).action(
    async ({ plan: path, ...options }: StudyOptions, command: Command) => {
      const { data } = options;
      refuseIdle(
        ofData.filter((option) => isGiven(command, option)),
        data,
        path,
      );
      const plan =
        onData && data !== undefined
          ? onData.planOn({ ...options, data }, path)
          : readPlan(path ?? shipped(name));
      const missing = needs.filter((id) => !measuresOf(plan.description).includes(id));
      if (missing.length > 0)
        throw new LabError(
          "usage",
          `${plan.file ?? plan.name}: measures: flatward ${name} needs ${missing.join(", ")} too`,
        );
      const folder = options.output ?? join("results", plan.name);
      const manifest = plannedIn(plan, folder);
      const headline = `${plan.name}: ${manifest.cells.length} networks`;
      await sweep(manifest, folder, options, { chapters, headline, mostPrinted: 0 });
      if (!options.json) process.stdout.write(`\n${render(collect(manifest, storeIn(folder)))}\n`);
    },
  );
}
