import { join } from "node:path";
import type { Command } from "commander";
import { LabError } from "../../errors.js";
import { writeAtomically } from "../../files.js";
import { interruptible } from "../../terminal/interrupt.js";
import { integer } from "../../terminal/options.js";
import { jsonOption } from "../../terminal/sweeping-options.js";
import { titledTables } from "../../terminal/table.js";
import { fileLine } from "../../terminal/width.js";
import { influenceDocument, influenceTables } from "./document.js";
import { influencePage } from "./page.js";
import { questions } from "./questions.js";
import { measureUnits } from "./run.js";
import { type Unit, unitStoreIn } from "./store.js";

interface InfluenceOptions {
  readonly seeds: number;
  readonly output: string;
  readonly json?: boolean;
}

export function influenceCommand(command: Command): Command {
  return command
    .argument("[questions...]", `of ${questions.map(({ name }) => name).join(", ")} (default: all)`)
    .option("--seeds <count>", "from 1 on", integer(2), 10)
    .option("--output <folder>", "where results go", join("results", "influence"))
    .addOption(jsonOption())
    .action(answer);
}

async function answer(wanted: readonly string[], { seeds, output, json }: InfluenceOptions): Promise<void> {
  const units = unitsOf(wanted, seeds);
  const store = unitStoreIn(output);
  const answers = await interruptible(
    () => process.stderr.write("\nflatward: stopping after this one; what is finished is kept\n"),
    (signal) =>
      measureUnits(
        units,
        store,
        ({ question, data, seed }, done) =>
          process.stderr.write(`${done + 1}/${units.length}  ${question.name}, ${data}, seed ${seed}\n`),
        signal,
      ),
  );
  const document = influenceDocument(answers);
  const tables = influenceTables(answers);
  const [jsonPath, pagePath] = ["json", "html"].map((kind) => join(output, `influence.${kind}`));
  const text = `${JSON.stringify(document, null, 1)}\n`;
  writeAtomically(jsonPath, text);
  writeAtomically(pagePath, influencePage(document, tables));
  const log = json ? process.stderr : process.stdout;
  log.write(`${titledTables(tables).join("\n")}\n\n`);
  log.write(fileLine("Report", pagePath, "open it in a browser") + fileLine("Results", jsonPath));
  log.write(fileLine("SHA-256", document.sha256));
  if (json) process.stdout.write(text);
}

/** @throws LabError "usage" for a question that there is not */
function unitsOf(wanted: readonly string[], seeds: number): Unit[] {
  const names = questions.map(({ name }) => name);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new LabError("usage", `there is no question ${unknown}; there are ${names.join(", ")}`);
  return questions
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
    .flatMap((question) =>
      question.data.flatMap((data) =>
        Array.from({ length: seeds }, (_, i) => ({ question, data, seed: i + 1 })),
      ),
    );
}
