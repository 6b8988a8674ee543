import type { Command } from "commander";
import pc from "picocolors";
import { networkDetails } from "../../experiment/network/text.js";
import { divergenceNote } from "../../experiment/status.js";
import { prepareFolder } from "../../files.js";
import type { TrainedCell } from "../../sweep/trained.js";
import { addBoundOptions } from "../../terminal/bound-options.js";
import { integer } from "../../terminal/options.js";
import { fullOption, jsonOption } from "../../terminal/sweeping-options.js";
import { briefly, factLines } from "../../terminal/table.js";
import {
  addNetworkChoiceOptions,
  chooseCell,
  type NetworkChoiceOptions,
} from "../../terminal/trained-cell.js";
import { fileLine, wrapped } from "../../terminal/width.js";
import { analyzeExplanation, type ExplainResult } from "./analyze.js";
import { explainFinding } from "./finding.js";
import { type Given, givenOf } from "./given.js";
import { explainDocument } from "./page/document.js";
import { explainFacts } from "./page/facts.js";
import { explainTables } from "./tables.js";

interface ExplainCommandOptions extends NetworkChoiceOptions {
  readonly top: number;
  readonly path: boolean;
}

export function explainCommand(command: Command): Command {
  return addBoundOptions(addNetworkChoiceOptions(command))
    .addOption(fullOption())
    .addOption(jsonOption())
    .option("--top <count>", "samples, units and pairs that are listed, of pairs 20 at most", integer(1), 10)
    .option("--no-path", "leave out how shares move along training, for which it is trained once more")
    .action(explain);
}

async function explain(
  path: string | undefined,
  options: ExplainCommandOptions,
  command: Command,
): Promise<void> {
  const log = options.json ? process.stderr : process.stdout;
  const { cell, folder } = await chooseCell(path, options, command);
  prepareFolder(folder);
  const started = performance.now();
  const given = givenOf(cell);
  const result = analyzeExplanation(cell, given, options.path);
  const document = explainDocument(cell, result, (performance.now() - started) / 1000);

  // Pictures take long to load.
  const { writeExplanation } = await import("./page/write.js");
  const { json, jsonPath, pagePath } = await writeExplanation(document, cell, given, options.top, folder);
  log.write(`${render(result, cell, given, options)}\n\n`);
  log.write(fileLine("Report", pagePath, "open it in a browser") + fileLine("Results", jsonPath));
  log.write(fileLine("SHA-256", document.sha256));
  if (options.json) process.stdout.write(json);
}

function render(
  result: ExplainResult,
  { data, record }: TrainedCell,
  given: Given,
  { top, full }: ExplainCommandOptions,
): string {
  const { network, method, seed } = record.config;
  return [
    wrapped(
      `${data.name}, ${networkDetails(network, data)}; ${method.name}, ${record.result.steps} steps, seed ${seed}${divergenceNote(record.result)}.`,
    ),
    "",
    pc.bold(wrapped(explainFinding(result))),
    "",
    ...factLines(explainFacts(result)),
    ...briefly(explainTables(result, given, top), full),
  ].join("\n");
}
