import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { bareNames, type SourceConfig, sourceConfigSchema } from "../data/sources.js";
import { LabError } from "../errors.js";
import { hashOf } from "../experiment/provenance.js";
import { counted, printable, shownPath } from "../printable.js";
import type { Plan } from "../sweep/description.js";
import { MANIFEST } from "../sweep/store.js";

/** Signs of a name that folders keep; others become hyphens. */
const others = /[^\p{L}\p{M}\p{N}_.-]+/gu;
const MAX_NAME = 80;
const DIGITS = 8;

/**
 * The name of a study of data, which names its results folder: `compare-iris`. What the name alone does not tell apart
 * (files in other folders, settings, letters that folders lack) has a hash at its end.
 */
export function studyName(command: string, source: SourceConfig): string {
  const { name, path, ...settings } = source;
  const given = path === undefined ? name : basename(resolve(path));
  const shown = given.replace(others, "-").slice(0, MAX_NAME);
  const isPlain = shown === given && (path === undefined ? hasDefaults(source) : isHere(path, settings));
  return isPlain ? `${command}-${shown}` : `${command}-${shown}-${hashOf(identity(source)).slice(0, DIGITS)}`;
}

function hasDefaults({ name, ...settings }: SourceConfig): boolean {
  return sorted(settings) === sorted({ ...sourceConfigSchema.parse({ name }), name: undefined });
}

/** Whether a file lies in the folder that results go to, is read without settings, and has no other data's name. */
function isHere(path: string, settings: object): boolean {
  return (
    dirname(resolve(path)) === process.cwd() &&
    sorted(settings) === "[]" &&
    !bareNames.includes(basename(path))
  );
}

function identity({ path, ...source }: SourceConfig): string {
  return sorted({ ...source, path: path && resolve(path) });
}

function sorted(settings: object): string {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The folder of a plan's results, as it is given, or by the plan's name.
 * @throws LabError "usage" where that has the report of another plan's file, which would be replaced
 */
export function resultsFolder({ name, file }: Plan, output: string | undefined): string {
  if (output !== undefined) return output;
  const folder = join("results", name);
  const before = sweepIn(folder)?.planFile;
  if (before === undefined || file === undefined || resolve(before) === resolve(file)) return folder;
  throw new LabError(
    "usage",
    `${folder} has the results of another plan of this name, ${shownPath(before)}; choose another folder with --output, or this one, to replace its report`,
  );
}

/**
 * A folder for what belongs to one network, which has a manifest of its own.
 * @param name the study's, whose manifest may be replaced by its next
 * @throws LabError "usage" where the folder has the manifest of a sweep
 */
export function singleFolder(folder: string, name: string): string {
  const before = sweepIn(folder);
  if (before === undefined || (before.cells.length <= 1 && (before.name === name || !before.planFile)))
    return folder;
  throw new LabError(
    "usage",
    `${shownPath(folder)} has the sweep ${printable(before.name)} of ${counted(before.cells.length, "cell")}; choose another folder with --output, or take one of its cells with --run`,
  );
}

/** What the manifest in a folder says; undefined where there is none that can be read. */
export function sweepIn(folder: string): z.infer<typeof sweepSchema> | undefined {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return undefined;
  try {
    return sweepSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** What is asked of manifests of any version. */
const sweepSchema = z.object({
  name: z.string(),
  planFile: z.string().optional(),
  data: z.array(z.object({ source: z.unknown() })),
  cells: z.array(z.unknown()),
});
