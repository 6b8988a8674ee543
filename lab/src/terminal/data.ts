import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { columnList, gapList } from "../data/columns.js";
import type { CsvReading } from "../data/csv-options.js";
import type { Dataset } from "../data/dataset.js";
import { looksLikeMnist } from "../data/mnist-files.js";
import {
  bareNames,
  loadSource,
  parametersOf,
  type SourceConfig,
  type SourceName,
  sourceConfigSchema,
  sourceNames,
  unknownSource,
} from "../data/sources.js";
import { LabError } from "../errors.js";
import { printable, shownPath } from "../printable.js";
import { pathName, schemaIssues } from "../schema.js";
import { parseYaml } from "../sweep/yaml.js";
import { optionName } from "./options.js";

/** Which data a command works on, and how they are read, as its options say. */
export interface DataOptions extends CsvReading {
  readonly data?: string;
}

/** The options on how a table is read, by their names in plans. */
const READING = ["header", "label", "drop", "dropMissing", "missing", "decimal"] as const;

/** Every option on data. */
export const DATA_OPTIONS: readonly string[] = ["data", ...READING];

/** Adds the options that name the data and say how they are read. @param whose completes "the same, or …" */
export function addDataOptions(command: Command, what = "the same, or"): Command {
  return command
    .optionsGroup("Data:")
    .option(
      "--data <source>",
      `${what} ${bareNames.join(", ")}, or { name: moons, noise: 0.3 } as plans have it`,
    )
    .option("--label <column>", "label column by name, or number from 1 (default: the last)")
    .addOption(
      new Option("--drop <columns>", "leave columns out, by names or numbers: a,b").argParser(columnList),
    )
    .option("--drop-missing", "leave out rows with gaps")
    .addOption(
      new Option(
        "--missing <texts>",
        "what stands for a gap beside an empty cell: -9999,unknown (default: ?, NA, NaN, null and their like)",
      ).argParser(gapList),
    )
    .addOption(new Option("--decimal <sign>", "decimal sign (default: .)").choices([".", ","]))
    .option("--header", "the first line does name the columns, though it looks like data")
    .option("--no-header", "the first line names no columns: they are c1, c2 …");
}

/** The argument that names data. */
export function addDataArgument(command: Command, absent: string): Command {
  return command.argument(
    "[data]",
    `a CSV file (numeric columns, one label column), gzipped or not, or a folder with MNIST's files; ${absent} when absent`,
  );
}

/**
 * The data of that name, as plans have them, or the user's: a CSV file, MNIST's files in a folder, one file of images.
 * Iris when nothing is given.
 * @throws LabError "usage"
 */
export function sourceFrom(path: string | undefined, { data, ...options }: DataOptions): SourceConfig {
  if (path !== undefined && data !== undefined)
    throw new LabError(
      "usage",
      `give either a file (${shownPath(path)}) or --data ${printable(data)}, not both`,
    );
  const source = namedSource(path, data ?? "iris");
  const reading = Object.fromEntries(
    READING.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  );
  const known = parametersOf(source.name);
  const idle = Object.keys(reading).find((key) => !known.includes(key));
  if (idle !== undefined) {
    const option = idle === "header" && options.header === false ? "--no-header" : optionName(idle);
    throw new LabError(
      "usage",
      `${option} says how a CSV file is read, and ${shownPath(path ?? data ?? "iris")} is ${source.name === "iris" || source.name === "digits" ? "read as it ships" : "none"}; leave it out`,
    );
  }
  return { ...source, ...reading };
}

function namedSource(path: string | undefined, data: string): SourceConfig {
  const given = path ?? data;
  if (path === undefined && bareNames.includes(given)) return checked({ name: given }, given);
  if (path === undefined && given.startsWith("{")) return checked(parseYaml(given, "--data").content, given);
  if (!existsSync(given)) {
    if (path === undefined) throw unknownSource(given);
    if (bareNames.includes(given))
      throw new LabError(
        "usage",
        `there is no file ${shownPath(given)}; for the data of that name, give --data ${given}`,
      );
  }
  return { name: looksLikeMnist(given) ? "mnist" : "csv", path: given };
}

/** A source as plans have it, with its defaults. */
function checked(source: unknown, text: string): SourceConfig {
  const parsed = sourceConfigSchema.safeParse(source);
  if (parsed.success) return parsed.data;
  const name = (source as { readonly name?: unknown } | null)?.name;
  const [{ path, message }] = schemaIssues(parsed.error);
  const what = sourceNames.includes(name as SourceName)
    ? `${pathName(path)}: ${message}`
    : `it needs a name: one of ${sourceNames.join(", ")}`;
  throw new LabError("usage", `--data ${printable(text)}: ${what}`);
}

/** Data that are read once, which may come from a pipe. @throws LabError */
export function loadData(path: string | undefined, options: DataOptions): Dataset {
  return loadSource(sourceFrom(path, options));
}
