import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { readingText } from "../data/reading.js";
import { located, type SourceConfig } from "../data/sources.js";
import { LabError } from "../errors.js";
import type { LoadChapters } from "../report/chapter.js";
import { measuresOf, type Plan, readPlan } from "../sweep/description.js";
import { collect, type SweepResults } from "../sweep/results.js";
import { storeIn } from "../sweep/store.js";
import { addDataArgument, addDataOptions, DATA_OPTIONS, type DataOptions, sourceFrom } from "./data.js";
import { isGiven, optionName } from "./options.js";
import { plannedIn } from "./planned.js";
import { resultsFolder, studyName } from "./results-folder.js";
import { sweep } from "./sweeping.js";
import { addSweepingOptions, outputOption, type SweepingOptions } from "./sweeping-options.js";

/** A study that is a sweep: a plan that ships with flatward, and tables of its own. */
export interface PlannedStudy {
  /** Measures that it needs. */
  readonly needs: readonly string[];
  /** Another plan, for data that are named. */
  readonly onData?: {
    /** Adds what belongs to data, beside the options that name and read them. */
    addOptions?(command: Command): Command;
    /** @param planFile given by the user */
    planOn(source: SourceConfig, options: object, planFile: string | undefined): Plan;
  };
  /** Its results, for the terminal. */
  render(results: SweepResults): string;
}

interface StudyOptions extends SweepingOptions, DataOptions {
  readonly plan?: string;
}

/** A plan that ships with flatward. */
export function shippedPlan(name: string): string {
  return fileURLToPath(new URL(`../../plans/${name}.yaml`, import.meta.url));
}

/** A plan from its file, or one that ships, on other data. It is no file any more. */
export function planOn(source: SourceConfig, planFile: string | undefined, name: string): Plan {
  const { file: _, ...rest } = readPlan(planFile ?? shippedPlan(name));
  return {
    ...rest,
    name: studyName(rest.name, source),
    description: { ...rest.description, data: located(source, process.cwd()) },
  };
}

/** Options that belong to data have no effect without any, and a plan sets all but the data. @throws LabError "usage" */
function refuseIdle(given: readonly string[], hasData: boolean, planFile: string | undefined): void {
  const unused = given.find(
    (option) => !hasData || (planFile !== undefined && !DATA_OPTIONS.includes(option)),
  );
  if (unused === undefined) return;
  const why = hasData ? `is set by ${planFile}: change it there` : "belongs to --data: name data too";
  throw new LabError("usage", `${optionName(unused)} ${why}, or leave it out`);
}

/** Runs the plan of a study, which has the name of its command, and shows its tables. */
export function studyCommand(
  command: Command,
  chapters: LoadChapters,
  { needs, onData, render }: PlannedStudy,
): Command {
  const name = command.name();
  command
    .optionsGroup("Plan:")
    .option("--plan <file>", "another plan, with the same measures (default: the one that ships)");
  const shared = command.options.length;
  if (onData) {
    addDataOptions(addDataArgument(command, "its own data"), "in the place of its own data: a file,");
    onData.addOptions?.(command);
  }
  const ofData = command.options.slice(shared).map((option) => option.attributeName());
  command.addOption(outputOption("results/<name of the plan>"));
  return addSweepingOptions(command).action(
    async (...[first, second, third]: [unknown, unknown, unknown]) => {
      // Commander hands over an argument only where there is one to be given.
      const file = onData ? (first as string | undefined) : undefined;
      const { plan: path, ...options } = (onData ? second : first) as StudyOptions;
      const command = (onData ? third : second) as Command;
      const hasData = file !== undefined || options.data !== undefined;
      refuseIdle(
        ofData.filter((option) => isGiven(command, option)),
        hasData,
        path,
      );
      const plan =
        onData && hasData
          ? onData.planOn(sourceFrom(file, options), options, path)
          : readPlan(path ?? shippedPlan(name));
      const missing = needs.filter((id) => !measuresOf(plan.description).includes(id));
      if (missing.length > 0)
        throw new LabError(
          "usage",
          `${plan.file ?? plan.name}: measures: flatward ${name} needs ${missing.join(", ")} too`,
        );
      const folder = resultsFolder(plan, options.output);
      const manifest = plannedIn(plan, folder);
      const headline = [
        ...(hasData ? manifest.data.map(readingText) : []),
        `${plan.name}: ${manifest.cells.length} networks`,
      ].join("\n");
      await sweep(manifest, folder, options, { chapters, headline, mostPrinted: 0 });
      if (!options.json) process.stdout.write(`\n${render(collect(manifest, storeIn(folder)))}\n`);
    },
  );
}
