import { LabError, type Next } from "../errors.js";
import { printable, shownPath } from "../printable.js";
import { quote } from "../shell.js";
import { asList } from "./columns.js";
import type { CsvReading } from "./csv-options.js";

/** Why a file cannot be read as it is, in words without end. */
export type Obstacle = string;

/** Names that a message shows. */
const MAX_NAMES = 12;
/** Characters of options that a message shows: of very wide tables. */
const MAX_OPTIONS = 10_000;

/** All obstacles of a file as one error, with what lets it pass. */
export function refusal(path: string, obstacles: readonly Obstacle[], next: Next): LabError {
  const { command, options = [] } = next;
  const steps = [
    ...(command === undefined ? [] : [`first: ${command}`]),
    ...(options.length === 0 ? [] : [`go on with: ${printable(options.map(quote).join(" "), MAX_OPTIONS)}`]),
  ];
  const head = shownPath(path);
  const indent = "\n          ";
  const message =
    obstacles.length === 1
      ? [`${head}: ${obstacles[0]}`, ...steps].join("; ")
      : [`${head} cannot be read as it is:`, ...obstacles.map((text) => `- ${text}`), ...steps].join(indent);
  return new LabError("data", message, next);
}

/** The options of the command line that `wanted` has, and `given` has not. */
export function optionsBeyond(given: CsvReading, wanted: CsvReading): string[] {
  const list = (values: readonly (string | number)[]) => asList(values.map(String));
  const differs = (key: keyof CsvReading) => JSON.stringify(given[key]) !== JSON.stringify(wanted[key]);
  return [
    ...(differs("header") ? [wanted.header ? "--header" : "--no-header"] : []),
    ...(differs("label") ? ["--label", `${wanted.label}`] : []),
    ...(differs("drop") ? ["--drop", list(wanted.drop ?? [])] : []),
    ...(differs("missing") ? ["--missing", list(wanted.missing ?? [])] : []),
    ...(differs("dropMissing") ? ["--drop-missing"] : []),
    ...(differs("decimal") ? ["--decimal", `${wanted.decimal}`] : []),
  ];
}

/** `"a" (1.5, 2), "b" …` of the first of many. */
export function shortened(texts: readonly string[], most = MAX_NAMES): string {
  const rest = texts.length - most;
  return rest > 0 ? `${texts.slice(0, most).join(", ")} and ${rest} more` : texts.join(", ");
}

/** A name in a message. */
export function named(name: string): string {
  return `"${printable(name)}"`;
}
