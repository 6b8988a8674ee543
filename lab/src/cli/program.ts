import { type Argument, Command } from "commander";
import { LabError } from "../errors.js";
import { version } from "../experiment/provenance.js";
import { studies as allStudies } from "../studies/index.js";
import { type CommandEntry, chaptersOf, type Study } from "../studies/study.js";
import { addExamples, formatItem } from "../terminal/help.js";
import { compare, methods, playground, sweeping } from "./commands.js";

const examples = [
  "compare                      four methods on the Iris data",
  "compare my.csv --label kind  the same on data of your own",
  "explain --data digits        why a minimum is sharp",
];

const EXIT_CODES =
  "Exit codes: 0 done, 1 a defect, 2 wrong usage, 3 unusable data, 4 a file that cannot be read or written, 5 a verification that failed, 6 cells that failed, 75 stopped early, or results went missing meanwhile: run it again.";

/** The command line, with the code of those commands alone that `argv` names: to load all takes most of a second. */
export async function createProgram(
  argv: readonly string[],
  studies: readonly Study[] = allStudies,
): Promise<Command> {
  const chapters = chaptersOf(studies);
  const program = new Command("flatward")
    .description("Measure and flatten the loss landscape of a network, exactly.")
    .version(version)
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "flatward: ")) })
    .configureHelp({
      formatItem,
      subcommandTerm: (command) =>
        [command.name(), ...command.registeredArguments.map(argumentTerm)].join(" "),
    });
  addExamples(program, examples, EXIT_CODES);
  const groups: readonly (readonly [string, readonly CommandEntry[]])[] = [
    ["Compare:", [compare, methods, playground]],
    ["Measure and study:", studies],
    ["Run plans:", sweeping],
  ];
  for (const [group, entries] of groups) {
    program.commandsGroup(group);
    for (const { name, takes, description, examples, load } of entries) {
      const command = program
        .command(name)
        .description(description)
        .showHelpAfterError(`(flatward ${name} --help tells more)`);
      if (examples.length > 0) addExamples(command, examples);
      if (argv.includes(name)) (await load())(command, chapters);
      else if (takes) command.arguments(takes);
    }
  }
  program.showHelpAfterError("(flatward --help tells more)").commandsGroup("Help:");
  for (const command of [program, ...program.commands]) command.exitOverride().allowExcessArguments(false);
  program.hook("preAction", async (_, command) => {
    if (command.opts().output === "") throw new LabError("usage", "--output is empty; name a folder");
    const { chooseBackend } = await import("../backend.js");
    chooseBackend();
  });
  return program;
}

const argumentTerm = (argument: Argument): string =>
  argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
