import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Command, Option } from "commander";
import pc from "picocolors";
import type { SourceConfig } from "../../data/sources.js";
import { LabError } from "../../errors.js";
import { prepareFolder } from "../../files.js";
import { shownPath } from "../../printable.js";
import { measuresOf, type Plan, readPlan } from "../../sweep/description.js";
import { addDataArgument, addDataOptions, type DataOptions, sourceFrom } from "../../terminal/data.js";
import { integer } from "../../terminal/options.js";
import { planOn, shippedPlan } from "../../terminal/planned-study.js";
import { studyName, sweepIn } from "../../terminal/results-folder.js";
import { addSweepingOptions, type SweepingOptions } from "../../terminal/sweeping-options.js";
import { briefly } from "../../terminal/table.js";
import { fileLine, wrapped } from "../../terminal/width.js";
import { compared } from "./comparisons.js";
import { problemFindings, rivalFinding } from "./finding.js";
import { type RivalProblem, rivalProblems } from "./problems.js";
import type { ProblemOutcome } from "./results.js";
import { runRivals, tuningFolder } from "./run.js";
import { rivalTables } from "./tables.js";

interface RivalsOptions extends SweepingOptions, DataOptions {
  readonly plan?: string;
  readonly seeds: number;
}

/** Plans of data that have their own; others have that of Iris. */
const ownPlans: readonly string[] = ["iris", "digits", "mnist"];

export function rivalsCommand(command: Command): Command {
  addDataOptions(addDataArgument(command, "Iris, then the digits"), "in the place of both: a file,")
    .option("--plan <file>", "another plan of the tuning (default: the one that ships for the data)")
    .addOption(
      new Option("--seeds <count>", "of the comparison; those of the tuning are in the plan")
        .argParser(integer(2))
        .default(10),
    )
    .option("--output <folder>", "where results go (default: results/rivals, or results/<name of the plan>)");
  return addSweepingOptions(command).action(rivals);
}

async function rivals(
  path: string | undefined,
  { plan: planFile, ...options }: RivalsOptions,
): Promise<void> {
  const plans = plansFor(path, planFile, options);
  for (const plan of plans) requireMeasures(plan);
  const problems = plans.flatMap(rivalProblems);
  const folder = options.output ?? join("results", plans.length === 1 ? plans[0].name : "rivals");
  if (options.output === undefined) refuseOtherData(folder, problems);
  prepareFolder(folder);
  const log = options.json ? process.stderr : process.stdout;
  // Pictures take long to load.
  const { writeRivals } = await import("./page/write.js");
  let written: { readonly json: string; readonly pagePath: string; readonly jsonPath: string } | undefined;
  let all: readonly ProblemOutcome[] = [];
  await runRivals(problems, folder, options.seeds, options, async (outcomes) => {
    all = outcomes;
    written = await writeRivals(outcomes, folder);
  });
  log.write(`${render(all, options.full)}\n\n`);
  if (written === undefined) return;
  log.write(
    fileLine("Report", written.pagePath, "open it in a browser") + fileLine("Results", written.jsonPath),
  );
  if (options.json) process.stdout.write(written.json);
}

/** @throws LabError "usage" */
function plansFor(path: string | undefined, planFile: string | undefined, options: DataOptions): Plan[] {
  if (path === undefined && options.data === undefined)
    return planFile === undefined
      ? ["iris", "digits"].map((name) => readPlan(shippedPlan(`rivals-${name}`)))
      : [readPlan(planFile)];
  const source: SourceConfig = sourceFrom(path, options);
  const own = ownPlans.includes(source.name) ? source.name : "iris";
  return [{ ...planOn(source, planFile, `rivals-${own}`), name: studyName("rivals", source) }];
}

/** A plan of the same name, but for other data, would replace what there is. @throws LabError "usage" */
function refuseOtherData(folder: string, problems: readonly RivalProblem[]): void {
  for (const [i, { source }] of problems.entries()) {
    const before = sweepIn(tuningFolder(folder, i));
    if (before === undefined || isDeepStrictEqual(before.data[0]?.source, source)) continue;
    throw new LabError(
      "usage",
      `${shownPath(folder)} has the results of other data; choose another folder with --output, or this one, to replace its report`,
    );
  }
}

function requireMeasures({ description, file, name }: Plan): void {
  const missing = compared.map(({ id }) => id).filter((id) => !measuresOf(description).includes(id));
  if (missing.length === 0) return;
  throw new LabError("usage", `${file ?? name}: measures: flatward rivals needs ${missing.join(", ")} too`);
}

function render(outcomes: readonly ProblemOutcome[], full: boolean | undefined): string {
  const problems = outcomes.flatMap(problemFindings).map((finding) => wrapped(finding));
  return [
    pc.bold(wrapped(rivalFinding(outcomes))),
    "",
    ...problems,
    ...briefly(outcomes.flatMap(rivalTables), full),
  ].join("\n");
}
