import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, cpus, hostname, platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageOf = (name: string): string => createRequire(import.meta.url).resolve(`${name}/package.json`);

/** The engine's version. */
export const version: string = JSON.parse(readFileSync(packageOf("flatward"), "utf8")).version;

/** Where and with what something was computed. */
export interface Provenance {
  /** Version and code, see `engine`. */
  readonly engine: string;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly processor: string;
  readonly host: string;
}

export function provenance(): Provenance {
  return {
    engine: engine(),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    host: hostname(),
  };
}

let identity: string | undefined;

/**
 * The engine's version, with a hash of all code that has a part in a result: of the engine, and of the laboratory's
 * data and experiments. Results of different code are never taken for one another, even between two releases.
 */
export function engine(): string {
  identity ??= `${version}+${codeHash().slice(0, 8)}`;
  return identity;
}

function codeHash(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const hash = createHash("sha256");
  for (const folder of [
    join(dirname(packageOf("flatward")), "dist/bundle"),
    here,
    join(here, "..", "data"),
  ]) {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => /\.[jt]s$/.test(name) && !name.endsWith(".d.ts")).sort())
      hash.update(file.replaceAll("\\", "/")).update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex");
}

/**
 * SHA-256 of a value's JSON with its keys in order, hexadecimal. Numbers are written so that they read back as the
 * same bits.
 */
export function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(inOrder(value)))
    .digest("hex");
}

/** SHA-256 of the very bits of a vector. */
export function hashOfBits(values: Float64Array): string {
  return createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");
}

/** The same value with the keys of all its objects in order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map(inOrder) : value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, inOrder(part)]));
}
