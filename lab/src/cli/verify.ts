import { SingleBar } from "cli-progress";
import { Command, Option } from "commander";
import { type ActivationName, activationNames, type LossName, lossNames } from "flatward";
import pc from "picocolors";
import { LabError } from "../errors.js";
import { DIFFERENCE_BUDGET, ROUNDING_BUDGET } from "../experiment/verify/checks.js";
import { datasetProblem, drawProblem, type Problem } from "../experiment/verify/problem.js";
import { type Verification, verify } from "../experiment/verify/run.js";
import { loadData } from "./data.js";
import { integer } from "./options.js";
import { plainTable } from "./table.js";

interface VerifyOptions {
  readonly cases?: number;
  readonly case?: number;
  readonly seed: number;
  readonly activation?: ActivationName;
  readonly loss?: LossName;
  readonly hidden: number;
  readonly label?: string;
  readonly json?: boolean;
}

/** Every activation × loss × bias × weights once. */
const ALL_COMBINATIONS = activationNames.length * lossNames.length * 4;
/** Parameter vectors tried on data of the user's own. */
const DATA_CASES = 3;

export function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "Hold every closed form against automatic differentiation, finite differences and eigendecompositions, on random networks or on your data.",
    )
    .argument("[data.csv]", "check on this data, with random parameters, instead of random networks")
    .option(
      "--cases <count>",
      `number of cases (default: ${ALL_COMBINATIONS}, every combination once; ${DATA_CASES} on a file)`,
      integer(1),
    )
    .option("--case <index>", "this case alone, as the table names it", integer(0))
    .option("--seed <seed>", "of networks, data and parameters", integer(0), 1)
    .addOption(
      new Option("--activation <name>", "only this activation (default: all; tanh on a file)").choices(
        activationNames,
      ),
    )
    .addOption(
      new Option("--loss <name>", "only this loss (default: all; softmax-cross-entropy on a file)").choices(
        lossNames,
      ),
    )
    .option("--hidden <units>", "hidden units on a file", integer(1), 4)
    .option("--label <column>", "label column of the file (default: the last)")
    .option("--json", "print the verdicts as JSON on stdout, everything else on stderr")
    .action(runVerify);
}

function runVerify(path: string | undefined, options: VerifyOptions): void {
  const indices = caseIndices(path, options);
  const problemAt = problemSource(path, options);
  const bar = new SingleBar({
    stream: process.stderr,
    format: "{bar} {value}/{total} cases, {eta_formatted} left",
    barsize: 28,
    clearOnComplete: true,
  });
  if (process.stderr.isTTY) bar.start(indices.length, 0);
  const verification = verify(lazily(indices, problemAt), () => bar.increment());
  bar.stop();

  const log = options.json ? process.stderr : process.stdout;
  log.write(`${renderVerdicts(verification)}\n`);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ seed: options.seed, ...verification }, null, 1)}\n`);
  if (!verification.passed) {
    const failed = verification.verdicts.filter((verdict) => !verdict.passed);
    throw new LabError(
      "verification",
      `${failed.length} of ${verification.verdicts.length} checks failed; repeat one with --seed ${options.seed} --case and the number of its worst case`,
    );
  }
}

function caseIndices(path: string | undefined, options: VerifyOptions): number[] {
  if (options.case !== undefined) return [options.case];
  const count = options.cases ?? (path === undefined ? ALL_COMBINATIONS : DATA_CASES);
  return Array.from({ length: count }, (_, index) => index);
}

/** Random networks, or one network on the user's data with random parameters. */
function problemSource(path: string | undefined, options: VerifyOptions): (index: number) => Problem {
  const { seed, activation, loss, hidden, label } = options;
  const filter = { ...(activation ? { activation } : {}), ...(loss ? { loss } : {}) };
  if (path === undefined) return (index) => drawProblem(seed, index, filter);
  const dataset = loadData(path, label === undefined ? {} : { label });
  return (index) =>
    datasetProblem(
      dataset,
      { hidden, activation: activation ?? "tanh", loss: loss ?? "softmax-cross-entropy" },
      seed,
      index,
    );
}

function* lazily(indices: readonly number[], problemAt: (index: number) => Problem): Generator<Problem> {
  for (const index of indices) yield problemAt(index);
}

function renderVerdicts({ cases, verdicts, passed }: Verification): string {
  const rows = verdicts.map(({ quantity, oracle, worst, median, budget, worstCase, passed: ok }) => [
    quantity,
    oracle,
    worst.toExponential(1),
    median.toExponential(1),
    budget.toExponential(0),
    ok ? pc.green("ok") : pc.red("FAILED"),
    worstCase,
  ]);
  const aligned = ["left", "left", "right", "right", "right", "left", "left"] as const;
  return [
    plainTable(["quantity", "oracle", "worst", "median", "budget", "verdict", "worst case"], aligned, rows),
    pc.dim(
      `Differences relative to the norm of the quantity, over ${cases} case${cases === 1 ? "" : "s"}. Budgets: ${ROUNDING_BUDGET} for rounding, ${DIFFERENCE_BUDGET} for finite differences.`,
    ),
    passed ? pc.green("Every closed form holds.") : pc.red("Not every closed form holds."),
  ].join("\n");
}
