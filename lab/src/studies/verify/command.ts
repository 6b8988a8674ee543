import { type Command, Option } from "commander";
import { type ActivationName, activationNames, type LossName, lossNames } from "flatward";
import pc from "picocolors";
import { asList } from "../../data/columns.js";
import type { Dataset } from "../../data/dataset.js";
import { LabError } from "../../errors.js";
import { quote } from "../../shell.js";
import {
  addDataArgument,
  addDataOptions,
  DATA_OPTIONS,
  type DataOptions,
  loadData,
} from "../../terminal/data.js";
import { integer, isGiven, listOf, optionName } from "../../terminal/options.js";
import { progressBar } from "../../terminal/progress.js";
import { tellReading } from "../../terminal/reading.js";
import { fullOption } from "../../terminal/sweeping-options.js";
import { plainTable } from "../../terminal/table.js";
import { wrapped } from "../../terminal/width.js";
import { DIFFERENCE_BUDGET, ROUNDING_BUDGET } from "./checks.js";
import { caseNumbers, datasetProblem, drawProblem, type Problem } from "./problem.js";
import { type Verdict, type Verification, verify } from "./run.js";

interface VerifyOptions extends DataOptions {
  readonly full?: boolean;
  readonly cases?: number;
  readonly case?: number;
  readonly seed: number;
  readonly activation?: ActivationName;
  readonly loss?: LossName;
  readonly hidden?: number[];
  readonly json?: boolean;
}

/** Every activation × loss × bias × weights once. */
const ALL_COMBINATIONS = activationNames.length * lossNames.length * 4;
/** More of them would take weeks. */
const MAX_CASES = 1_000_000;
/** Hidden units on data of the user's own. */
const HIDDEN = [4];
/** Parameter vectors tried on it. */
const DATA_CASES = 3;

export function verifyCommand(command: Command): Command {
  return addDataOptions(addDataArgument(command, "random networks"))
    .option(
      "--cases <count>",
      `number of cases (default: ${ALL_COMBINATIONS}, every combination once; ${DATA_CASES} on a file)`,
      integer(1, MAX_CASES),
    )
    .option("--case <index>", "this case alone, as the table names it", integer(0))
    .option("--seed <seed>", "of networks, data and parameters", integer(0), 1)
    .addOption(
      new Option(
        "--activation <name>",
        "of the first hidden layer, and of all on a file (default: all; tanh on a file)",
      ).choices(activationNames),
    )
    .addOption(
      new Option("--loss <name>", "only this loss (default: all; softmax-cross-entropy on a file)").choices(
        lossNames,
      ),
    )
    .option(
      "--hidden <units>",
      `hidden units on a file, or those of every hidden layer, as 3,2 (default: ${HIDDEN})`,
      listOf(integer(1)),
    )
    .addOption(fullOption())
    .option("--json", "print the verdicts as JSON on stdout, everything else on stderr")
    .action((path: string | undefined, options: VerifyOptions, command: Command) =>
      runVerify(path, options, command),
    );
}

function runVerify(path: string | undefined, options: VerifyOptions, command: Command): void {
  const onData = path !== undefined || options.data !== undefined;
  checkCombination(onData, options, command);
  const log = options.json ? process.stderr : process.stdout;
  const indices = caseIndices(onData, options);
  const problemAt = onData
    ? ofData(loadData(path, options), options, log)
    : (index: number) => drawProblem(options.seed, index);
  const bar = progressBar(process.stderr, "{value}/{total} cases, {eta_formatted} left");
  if (process.stderr.isTTY) bar.start(indices.length, 0);
  let verification: Verification;
  try {
    verification = verify(lazily(indices, problemAt), () => bar.increment());
  } finally {
    bar.stop();
  }

  log.write(`${renderVerdicts(verification, options.full)}\n`);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ seed: options.seed, ...verification }, null, 1)}\n`);
  const failed = verification.verdicts.filter((verdict) => !verdict.passed);
  if (failed.length > 0) {
    const [number] = /\d+/.exec(failed[0].worstCase) ?? [];
    throw new LabError(
      "verification",
      `${failed.length} of ${verification.verdicts.length} checks failed; repeat a case with: ${commandFor(path, options, command, Number(number))}`,
    );
  }
}

/** @throws LabError "usage" for options that would have no effect */
function checkCombination(onData: boolean, options: VerifyOptions, command: Command): void {
  const unused = onData ? undefined : ["hidden", ...DATA_OPTIONS].find((name) => isGiven(command, name));
  if (unused !== undefined)
    throw new LabError(
      "usage",
      `${optionName(unused)} goes with data, a file or --data; random networks have random sizes`,
    );
  if (options.case !== undefined && options.cases !== undefined)
    throw new LabError("usage", "give either --case or --cases");
}

/** The command that repeats one case. */
function commandFor(
  path: string | undefined,
  options: VerifyOptions,
  command: Command,
  index: number,
): string {
  const given = [...DATA_OPTIONS, "hidden", "activation", "loss"].filter((name) => isGiven(command, name));
  const words = given.flatMap((name) => {
    const value = options[name as keyof VerifyOptions];
    if (typeof value === "boolean") return [value ? optionName(name) : `--no-${name}`];
    return [optionName(name), Array.isArray(value) ? asList(value.map(String)) : `${value}`];
  });
  const file = path === undefined ? [] : [path];
  return ["flatward", "verify", ...file, ...words, "--seed", `${options.seed}`, "--case", `${index}`]
    .map(quote)
    .join(" ");
}

function caseIndices(onData: boolean, options: VerifyOptions): number[] {
  if (options.case !== undefined) return [options.case];
  if (onData) return Array.from({ length: options.cases ?? DATA_CASES }, (_, index) => index);
  const all = caseNumbers(ALL_COMBINATIONS, filterOf(options)).filter((index) => index < ALL_COMBINATIONS);
  return caseNumbers(options.cases ?? all.length, filterOf(options));
}

function filterOf({ activation, loss }: VerifyOptions) {
  return { ...(activation ? { activation } : {}), ...(loss ? { loss } : {}) };
}

/** One network on the user's data, with random parameters. */
function ofData(
  dataset: Dataset,
  { seed, activation = "tanh", loss = "softmax-cross-entropy", hidden = HIDDEN }: VerifyOptions,
  log: NodeJS.WriteStream,
): (index: number) => Problem {
  tellReading([dataset], log);
  return (index) => datasetProblem(dataset, { hidden, activation, loss }, seed, index);
}

function* lazily(indices: readonly number[], problemAt: (index: number) => Problem): Generator<Problem> {
  for (const index of indices) yield problemAt(index);
}

function renderVerdicts({ cases, verdicts, passed }: Verification, full = false): string {
  const columns: readonly (readonly [string, "left" | "right", (verdict: Verdict) => string])[] = [
    ["quantity", "left", ({ quantity }) => quantity],
    ["compared with", "left", ({ oracle }) => oracle],
    ["worst", "right", ({ worst }) => worst.toExponential(1)],
    ["budget", "right", ({ budget }) => budget.toExponential(0)],
    ["verdict", "left", ({ passed: ok }) => (ok ? pc.green("ok") : pc.red("FAILED"))],
  ];
  const more: typeof columns = [
    ["median", "right", ({ median }) => median.toExponential(1)],
    ["worst case", "left", ({ worstCase }) => worstCase],
  ];
  const shown = full || !passed ? [...columns, ...more] : columns;
  return [
    passed ? pc.green("Every closed form holds.") : pc.red("Not every closed form holds."),
    plainTable(
      shown.map(([name]) => name),
      shown.map(([, alignment]) => alignment),
      verdicts.map((verdict) => shown.map(([, , text]) => text(verdict))),
    ),
    pc.dim(
      wrapped(
        `Differences relative to the norm of the quantity, over ${cases} case${cases === 1 ? "" : "s"}. Budgets: ${ROUNDING_BUDGET} for rounding, ${DIFFERENCE_BUDGET} for finite differences.${full ? "" : " --full shows the median, and where the worst was found."}`,
      ),
    ),
  ].join("\n");
}
