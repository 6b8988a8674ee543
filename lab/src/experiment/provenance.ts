import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { arch, cpus, platform } from "node:os";

const versionOf = (name: string): string => createRequire(import.meta.url)(`${name}/package.json`).version;

/** What a result was made with. */
export interface Provenance {
  readonly flatward: string;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly processor: string;
  /** ISO 8601. */
  readonly finished: string;
  readonly seconds: number;
}

export function provenance(started: number): Provenance {
  return {
    flatward: versionOf("flatward"),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    finished: new Date().toISOString(),
    seconds: Math.round((performance.now() - started) / 100) / 10,
  };
}

/** SHA-256 of a value's JSON, hexadecimal. Numbers are written so that they read back as the same bits. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** SHA-256 of the very bits of a vector. */
export function hashOfBits(values: Float64Array): string {
  return createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");
}
