import { readFileSync } from "node:fs";

/** The hash in an earlier results file, when there is one that can be read. */
export function previousHash(path: string): string | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")).sha256;
  } catch {
    return undefined;
  }
}
