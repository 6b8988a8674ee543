import { Command, Option } from "commander";
import pc from "picocolors";
import { LabError } from "../errors.js";
import { hasClosedForm } from "../experiment/network/make.js";
import { networkDetails, networkTitle } from "../experiment/network/text.js";
import { analyzeSpectrum } from "../experiment/spectrum/analyze.js";
import { problemText } from "../experiment/spectrum/problem.js";
import type { SpectrumOptions, SpectrumSubject } from "../experiment/spectrum/subject.js";
import { prepareFolder, writeAtomically } from "../files.js";
import { type SpectrumDocument, spectrumDocument } from "../report/spectrum/document.js";
import { spectrumFacts, spectrumFinding } from "../report/spectrum/facts.js";
import { spectrumTables } from "../report/spectrum/tables.js";
import type { TrainedCell } from "../sweep/trained.js";
import { integer, number } from "./options.js";
import { phaseClock } from "./phases.js";
import { readCell, type SubjectOptions, trainableMethods, trainHere } from "./spectrum-cell.js";
import { plainTable } from "./table.js";
import { addDataOptions, addTrainingOptions } from "./training-options.js";

interface SpectrumCommandOptions extends SubjectOptions, SpectrumOptions {
  readonly json?: boolean;
  readonly exportProblem?: string;
}

export function spectrumCommand(): Command {
  const command = new Command("spectrum").description(
    "The spectrum of a network's Hessian: extreme eigenvalues, density, traces, blocks and every bound, with residuals, standard errors and ratios to the truth.",
  );
  addDataOptions(command)
    .option("--run <folder>", "take a cell of this sweep, which has kept theta, instead of training")
    .option("--index <position>", "which cell of --run, by its position in the manifest", integer(0))
    .option("--cell <identity>", "which cell of --run, by its identity or the first digits")
    .option(
      "--output <folder>",
      "where results go (default: results/spectrum-<data>, or spectrum/<cell> in the folder of --run)",
    )
    .option("--json", "print the results as JSON on stdout, everything else on stderr")
    .option("--export-problem <file>", "write network, parameters and data as JSON for other programs")
    .option("--top <count>", "eigenvalues at either end", integer(1), 5)
    .option(
      "--dense-limit <parameters>",
      "form H, and take all its eigenvalues, up to this size",
      integer(0),
      3000,
    )
    .option("--samples <count>", "products of each estimate of a trace", integer(6), 100)
    .option("--probes <count>", "random vectors of the spectral density", integer(2), 20)
    .option("--lanczos-steps <count>", "Lanczos steps of each", integer(1), 60)
    .option("--seed <seed>", "of all random vectors", integer(0), 1)
    .addOption(
      new Option("--method <name>", "to train with").choices(trainableMethods).default("gradient-descent"),
    )
    .option("--train-seed <seed>", "draws split and starting point", integer(0), 1)
    .option("--strength <factor>", "of HSR", number({ atLeast: 0 }), 0.1);
  return addTrainingOptions(command, 0).action(showSpectrum);
}

async function showSpectrum(
  path: string | undefined,
  options: SpectrumCommandOptions,
  command: Command,
): Promise<void> {
  const log = options.json ? process.stderr : process.stdout;
  const { run } = options;
  const { cell, folder } =
    run === undefined
      ? await trainHere(path, options, command)
      : readCell(path, { ...options, run }, command);
  if (!isOfOneHiddenLayer(cell))
    throw new LabError(
      "usage",
      `flatward spectrum takes networks with one hidden layer, whose closed forms it holds against their estimates; of ${networkTitle(cell.record.config.network)}, measures say the ends of the spectrum and its trace`,
    );
  prepareFolder(folder);
  const { top, denseLimit, samples, probes, lanczosSteps, seed } = options;
  const wanted: SpectrumOptions = { top, denseLimit, samples, probes, lanczosSteps, seed };
  const clock = phaseClock(process.stderr, cell.net.size);
  const result = analyzeSpectrum(cell, wanted, clock.onPhase);
  const document = spectrumDocument(cell, wanted, result, clock.end());
  if (options.exportProblem !== undefined)
    writeAtomically(options.exportProblem, problemText(cell, document.result));

  // Pictures take long to load.
  const { writeSpectrum } = await import("../report/spectrum/write.js");
  const { json, jsonPath, pagePath } = await writeSpectrum(document, folder);
  log.write(`${render(document, cell)}\n\n`);
  log.write(`Report   ${pagePath}   (open it in a browser)\nResults  ${jsonPath}\n`);
  if (options.exportProblem !== undefined) log.write(`Problem  ${options.exportProblem}\n`);
  log.write(`SHA-256  ${document.sha256}\n`);
  if (options.json) process.stdout.write(json);
}

function isOfOneHiddenLayer(cell: TrainedCell): cell is TrainedCell & SpectrumSubject {
  return hasClosedForm(cell.net);
}

function render({ result }: SpectrumDocument, { data, record }: TrainedCell): string {
  const { network, method, seed } = record.config;
  const diverged =
    record.result.status === "non-finite" ? "; it diverged: this is its last finite point" : "";
  const facts = spectrumFacts(result);
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    `${data.name}: ${data.samples} samples. ${networkDetails(network, data)}; ${method.name}, ${record.result.steps} steps, seed ${seed}${diverged}.`,
    "",
    ...facts.map(([name, value]) => `${pc.dim(name.padEnd(width))}  ${value}`),
    ...spectrumTables(result).flatMap(({ title, head, alignment, rows, note }) => [
      "",
      pc.bold(title),
      plainTable(head, alignment, rows),
      pc.dim(note),
    ]),
    "",
    spectrumFinding(result),
  ].join("\n");
}
