import { Command } from "commander";
import { provenance } from "../experiment/provenance.js";
import { compareCommand } from "./compare.js";
import { verifyCommand } from "./verify.js";

/** The whole command line. */
export function createProgram(): Command {
  const program = new Command("flatward")
    .description("Measure and flatten the loss landscape of a network, exactly.")
    .version(provenance(0).flatward)
    .showSuggestionAfterError()
    .showHelpAfterError("(flatward --help tells more)")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 a defect, 2 wrong usage, 3 data that will not do, 4 a file that cannot be read or written, 5 a verification that failed.",
    );
  program.addCommand(compareCommand());
  program.addCommand(verifyCommand());
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}
