import { hashOf } from "../../src/experiment/provenance.js";

/** Any JSON, to be changed at will. */
// biome-ignore lint/suspicious/noExplicitAny: tests write what no type allows
export type Loose = any;

/** Where every value in a JSON lies. */
export function partsOf(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    [key],
    ...partsOf(part).map((path) => [key, ...path]),
  ]);
}

/** Puts a value where another lies. */
export function replacePart(content: Loose, path: readonly string[], value: unknown): void {
  const place = path.slice(0, -1).reduce((inner, key) => inner[key], content);
  place[path.at(-1) as string] = value;
}

/** A record's text after a change, with the hash that it would have, had it been written so. */
export function rehashed(text: string, change: (content: Loose) => void): string {
  const copy: Loose = JSON.parse(text);
  change(copy);
  const { sha256: _, provenance, ...content } = copy;
  return JSON.stringify({ ...content, sha256: hashOf(content), provenance });
}
