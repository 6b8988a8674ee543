import { existsSync } from "node:fs";
import type { z } from "zod";
import { hashOf } from "../experiment/provenance.js";
import { readKept, writeAtomically } from "../files.js";

/** Writes JSON with a hash of what it says, whole or not at all. @throws LabError "file" */
export function writeHashed(path: string, content: object): void {
  writeAtomically(path, `${JSON.stringify({ ...content, sha256: hashOf(content) })}\n`);
}

/** What `writeHashed` wrote: "damaged" where it is torn, was altered, or is not what the schema says. */
export function readHashed<Content extends { readonly sha256: string }>(
  path: string,
  schema: z.ZodType<Content>,
): Omit<Content, "sha256"> | "missing" | "damaged" {
  if (!existsSync(path)) return "missing";
  try {
    const { sha256, ...content } = schema.parse(JSON.parse(readKept(path).toString("utf8")));
    if (hashOf(content) === sha256) return content;
  } catch {
    // Torn, or of another shape.
  }
  return "damaged";
}
