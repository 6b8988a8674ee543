import type { Command } from "commander";
import pc from "picocolors";
import { LabError } from "../../errors.js";
import { networkDetails, networkTitle } from "../../experiment/network/text.js";
import { divergenceNote } from "../../experiment/status.js";
import { prepareFile, prepareFolder, writeAtomically } from "../../files.js";
import type { TrainedCell } from "../../sweep/trained.js";
import { integer } from "../../terminal/options.js";
import { fullOption, jsonOption } from "../../terminal/sweeping-options.js";
import { briefly, factLines } from "../../terminal/table.js";
import {
  addNetworkChoiceOptions,
  chooseCell,
  type NetworkChoiceOptions,
} from "../../terminal/trained-cell.js";
import { fileLine, wrapped } from "../../terminal/width.js";
import { analyzeSpectrum } from "./analyze.js";
import type { SpectrumOptions } from "./input.js";
import { type SpectrumDocument, spectrumDocument } from "./page/document.js";
import { spectrumFacts, spectrumFinding } from "./page/facts.js";
import { hessianMap } from "./page/hessian-figure.js";
import { spectrumTables } from "./page/tables.js";
import { phaseClock } from "./phases.js";
import { problemText } from "./problem.js";

interface SpectrumCommandOptions extends NetworkChoiceOptions, SpectrumOptions {
  readonly exportProblem?: string;
}

export function spectrumCommand(command: Command): Command {
  return addNetworkChoiceOptions(command)
    .addOption(fullOption())
    .addOption(jsonOption())
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
    .action(showSpectrum);
}

async function showSpectrum(
  path: string | undefined,
  options: SpectrumCommandOptions,
  command: Command,
): Promise<void> {
  const log = options.json ? process.stderr : process.stdout;
  const { exportProblem } = options;
  if (exportProblem !== undefined) prepareFile(exportProblem, "--export-problem");
  const { cell, folder } = await chooseCell(path, options, command);
  const { closedForm } = cell.net;
  if (exportProblem !== undefined && closedForm === null)
    throw new LabError(
      "usage",
      `--export-problem writes networks of dense layers one after another; ${networkTitle(cell.record.config.network)} is another: leave it out`,
    );
  prepareFolder(folder);
  const { top, denseLimit, samples, probes, lanczosSteps, seed } = options;
  const wanted: SpectrumOptions = { top, denseLimit, samples, probes, lanczosSteps, seed };
  const clock = phaseClock(process.stderr, cell.net.size);
  const result = analyzeSpectrum(cell, wanted, clock.onPhase);
  const document = spectrumDocument(cell, wanted, result, clock.end());
  if (exportProblem !== undefined && closedForm !== null)
    writeAtomically(exportProblem, problemText(closedForm, cell, document.result));

  // Pictures take long to load.
  const { writeSpectrum } = await import("./page/write.js");
  const { json, jsonPath, pagePath } = await writeSpectrum(document, folder, hessianMap(cell));
  log.write(`${render(document, cell, options.full)}\n\n`);
  log.write(fileLine("Report", pagePath, "open it in a browser") + fileLine("Results", jsonPath));
  if (exportProblem !== undefined) log.write(fileLine("Problem", exportProblem));
  log.write(fileLine("SHA-256", document.sha256));
  if (options.json) process.stdout.write(json);
}

function render({ result }: SpectrumDocument, { data, record }: TrainedCell, full = false): string {
  const { network, method, seed } = record.config;
  return [
    wrapped(
      `${data.name}, ${networkDetails(network, data)}; ${method.name}, ${record.result.steps} steps, seed ${seed}${divergenceNote(record.result)}.`,
    ),
    "",
    pc.bold(wrapped(spectrumFinding(result))),
    "",
    ...factLines(spectrumFacts(result)),
    ...briefly(spectrumTables(result), full),
  ].join("\n");
}
