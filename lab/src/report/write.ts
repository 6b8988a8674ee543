import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LabError } from "../errors.js";

/**
 * Makes sure that files can be written to a folder, before the work whose results shall go there.
 * @throws LabError "file"
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.flatward-${process.pid}`);
    closeSync(openSync(probe, "w"));
    rmSync(probe);
  } catch (error) {
    throw new LabError(
      "file",
      `cannot write to ${folder}: ${(error as Error).message}; choose another folder with --output`,
    );
  }
}

/** Writes a file whole or not at all: to a neighbour first, flushed, then renamed. @throws LabError "file" */
export function writeAtomically(path: string, content: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
  try {
    const file = openSync(temporary, "w");
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new LabError("file", `cannot write ${path}: ${(error as Error).message}`);
  }
}
