import { Command } from "commander";
import { LabError } from "../errors.js";
import { version } from "../experiment/provenance.js";
import { studies as allStudies } from "../studies/index.js";
import { chaptersOf, type Study } from "../studies/study.js";
import { compareCommand } from "./compare.js";
import { exportCommand } from "./export.js";
import { methodsCommand } from "./methods.js";
import { reportCommand } from "./report.js";
import { runCommand } from "./run.js";
import { schemaCommand } from "./schema.js";
import { statusCommand } from "./status.js";
import { sweepCommand } from "./sweep.js";
import { workerCommand } from "./worker.js";

/** The whole command line. */
export function createProgram(studies: readonly Study[] = allStudies): Command {
  const chapters = chaptersOf(studies);
  const program = new Command("flatward")
    .description("Measure and flatten the loss landscape of a network, exactly.")
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("(flatward --help tells more)")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 a defect, 2 wrong usage, 3 unusable data, 4 a file that cannot be read or written, 5 a verification that failed, 6 cells that failed, 75 stopped early, or results went missing meanwhile: run it again.",
    );
  const commands = [
    compareCommand(chapters),
    methodsCommand(),
    ...studies.map(({ command }) => command(chapters)),
    sweepCommand(chapters),
    statusCommand(),
    reportCommand(chapters),
    runCommand(),
    exportCommand(),
    workerCommand(),
    schemaCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) command.exitOverride().allowExcessArguments(false);
  program.hook("preAction", (_, command) => {
    if (command.opts().output === "") throw new LabError("usage", "--output is empty; name a folder");
  });
  return program;
}
