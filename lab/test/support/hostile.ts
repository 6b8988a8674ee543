import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { cellId, type Manifest } from "../../src/sweep/manifest.js";

/** In files that nobody may read. */
export const SECRET = "TOP-SECRET-4711";
/** What pages and terminals would obey. */
export const markup = '<img src=x onerror=alert(1)>\x1b[2J\x07\u202e"';
export const controls = /(?!\n)[\p{Cc}\u202e]/u;

/** Files of data: one that will do, one that will not. */
export const table = "a,b\n1,x\n2,y\n3,x\n4,y\n5,x\n6,y\n7,x\n8,y\n";
export const secretTable = `a,b\n1,x\n${SECRET},y\n`;

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A folder to watch: a worker's temporary folder and home, a folder that it may be given, and one that it may not see. */
export function watchedFolder(): string {
  const root = mkdtempSync(join(tmpdir(), "flatward-hostile-"));
  const at = (...names: string[]) => join(root, ...names);
  for (const folder of ["tmp", "home", "data", "outside"]) mkdirSync(at(folder));
  const secret = at("outside", "secret.csv");
  writeFileSync(secret, secretTable);
  writeFileSync(at("data", "own.csv"), table);
  writeFileSync(at("data", "bad.csv"), secretTable);
  symlinkSync(secret, at("data", "link.csv"));
  symlinkSync(at("outside"), at("data", "folder"));
  mkdirSync(at("data", "pictures"));
  for (const part of ["images-idx3", "labels-idx1"])
    symlinkSync(secret, at("data", "pictures", `train-${part}-ubyte`));
  return root;
}

/** Whether something is the folder of a worker's own. */
const isOwn = (name: string) => name.startsWith("flatward-worker-");

/** Names of the folders that workers have made for themselves. */
export function ownFolders(root: string): string[] {
  return readdirSync(join(root, "tmp")).filter(isOwn);
}

/** Everything else under a folder, files with the hash of their bytes. */
export function listing(root: string): string[] {
  const look = (path: string): string[] =>
    readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !isOwn(name))
      .flatMap((entry) => {
        const inner = join(path, entry.name);
        const name = relative(root, inner);
        if (entry.isDirectory()) return [`${name}/`, ...look(inner)];
        return [`${name} ${entry.isSymbolicLink() ? "→" : sha256(readFileSync(inner, "latin1"))}`];
      });
  return look(root).sort();
}

export interface Job {
  readonly id: string;
  /** Its JSON, or what becomes JSON. */
  readonly content: unknown;
}

/** What makes jobs of a manifest's first cell, each another cell, with the identity that its content has. */
export function jobsOf({ engine, data: [iris], cells: [first] }: Manifest) {
  let count = 0;
  return (changes: { config?: object; data?: object; files?: unknown; cell?: object } = {}): Job => {
    const data = { ...iris, ...changes.data };
    const config = { ...first.config, seed: 1000 + count++, ...changes.config } as typeof first.config;
    const id = cellId(engine, data, config);
    const cell = { id, data: 0, config, ...changes.cell };
    return { id, content: { cell, data, files: changes.files ?? [] } };
  };
}

/** Data in a file. */
export function csv(path: string, content = table) {
  return { source: { name: "csv", path }, sha256: sha256(content), label: "b" };
}

/** A published file as jobs announce it. */
export function announced(content: string, changes: object = {}) {
  return [{ sha256: sha256(content), bytes: content.length, ...changes }];
}
