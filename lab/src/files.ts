import { constants as bufferLimits } from "node:buffer";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { isatty } from "node:tty";
import { LabError, type LabErrorCode } from "./errors.js";
import { readPipe } from "./pipe.js";
import { printable, shownPath } from "./printable.js";

/**
 * The content of a file; where a user names it, also of a pipe, to its end.
 * @throws LabError "file" also for a folder or a device, some of which have no end
 */
export function readBytes(path: string, { pipes = true } = {}): Buffer {
  let file: number | undefined;
  try {
    // A pipe without a writer would not open otherwise.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const kind = fstatSync(file);
    if (kind.isDirectory()) throw new Error("it is a folder");
    if (pipes && (kind.isFIFO() || isatty(file))) return readPipe(file);
    if (!kind.isFile()) throw new Error("it is a device, or a pipe");
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new LabError(
      "file",
      `cannot read ${shownPath(path)}: ${code === "ENOENT" ? "there is no such file" : printable(message, 1000)}`,
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** What lies at a path; undefined for nothing. @throws LabError "file" where that cannot be seen */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new LabError(
      "file",
      `cannot read ${shownPath(path)}: ${printable((error as Error).message, 1000)}`,
    );
  }
}

/** `readBytes` of a file that we have written: whatever else lies there is not waited for. @throws LabError "file" */
export function readKept(path: string): Buffer {
  return readBytes(path, { pipes: false });
}

/**
 * Bytes of a file as the text that they are.
 * @param next what to do where they are none
 * @throws LabError of the given code for zero bytes, and for another encoding, where all foreign letters would become one
 */
export function textOf(bytes: Uint8Array, path: string, code: LabErrorCode, next: string): string {
  const refuse = (got: string) =>
    new LabError(code, `${shownPath(path)}: expected text in UTF-8, got ${got}; ${next}`);
  if (bytes.includes(0)) throw refuse("zero bytes, which no text has");
  if (bytes.length > bufferLimits.MAX_STRING_LENGTH)
    throw refuse(`${bytes.length} bytes, too many for one text`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse("another encoding");
  }
}

/** A folder, and those that it lies in: `recursive` of Node's own never ends where the system refuses them, in /proc for one. */
export function makeFolder(folder: string): void {
  const isThere = () => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isThere()) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!isThere()) throw error;
  }
}

/**
 * Makes sure that files can be written to a folder, before the work whose results shall go there.
 * @param next what to do where they cannot
 * @throws LabError "file"
 */
export function prepareFolder(folder: string, next = "choose another folder with --output"): void {
  try {
    makeFolder(folder);
    const probe = join(folder, temporaryName("probe"));
    closeSync(openSync(probe, "w"));
    rmSync(probe);
  } catch (error) {
    throw new LabError(
      "file",
      `cannot write to ${shownPath(folder)}: ${printable((error as Error).message, 1000)}; ${next}`,
    );
  }
}

/** Makes sure likewise that a file can be written, which an option names. @throws LabError "usage", "file" */
export function prepareFile(path: string, option: string): void {
  if (path === "" || statOf(path)?.isDirectory())
    throw new LabError(
      "usage",
      `${option} expects the path of a file, got ${path === "" ? '""' : `the folder ${shownPath(path)}`}`,
    );
  prepareFolder(dirname(path), `choose another file with ${option}`);
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
    throw new LabError(
      "file",
      `cannot write ${shownPath(path)}: ${printable((error as Error).message, 1000)}`,
    );
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

/** Names the process, so that a leftover can be told from work in progress. */
function temporaryName(name: string): string {
  return `.${name}@${hostname()}@${process.pid}.partial`;
}

const temporaryPattern = /^\..*@(.*)@(\d+)\.partial$/;
