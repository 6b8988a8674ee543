import { Command } from "commander";
import { descriptionJsonSchema } from "../sweep/description.js";

export function schemaCommand(): Command {
  return new Command("schema")
    .description("Print the JSON schema of plans, for editors.")
    .action(() => void process.stdout.write(descriptionJsonSchema()));
}
