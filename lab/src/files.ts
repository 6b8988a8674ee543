import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { LabError } from "./errors.js";

/** The content of a file. @throws LabError "file" */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new LabError(
      "file",
      `cannot read ${path}: ${code === "ENOENT" ? "there is no such file" : message}`,
    );
  }
}

/**
 * Makes sure that files can be written to a folder, before the work whose results shall go there.
 * @throws LabError "file"
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, temporaryName("probe"));
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
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const temporary = join(dirname(path), temporaryName(basename(path)));
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
    removeQuietly(temporary);
    throw new LabError("file", `cannot write ${path}: ${(error as Error).message}`);
  }
}

/** Removes a file if that can be done. What stays behind does no harm, and must not hide a greater trouble. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // On a disk that has become read-only, for example.
  }
}

/** Removes what killed processes of this machine left half-written in a folder. */
export function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, host, pid] = temporaryPattern.exec(name) ?? [];
    if (host === hostname() && !isAlive(Number(pid))) removeQuietly(join(folder, name));
  }
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Tells who writes, so that a leftover can be told from work in progress. */
function temporaryName(name: string): string {
  return `.${name}@${hostname()}@${process.pid}.partial`;
}

const temporaryPattern = /^\..*@(.*)@(\d+)\.partial$/;
