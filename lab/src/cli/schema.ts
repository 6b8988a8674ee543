import type { Command } from "commander";
import { descriptionJsonSchema } from "../sweep/description.js";

export function schemaCommand(command: Command): Command {
  return command.action(() => void process.stdout.write(descriptionJsonSchema()));
}
