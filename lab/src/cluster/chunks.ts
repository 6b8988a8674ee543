import type { Manifest } from "../sweep/manifest.js";
import type { Store } from "../sweep/store.js";

/** Cells that one job runs one after the other: positions `first` to `last`. */
export interface Chunk {
  readonly position: number;
  readonly first: number;
  readonly last: number;
}

/** A manifest's cells in chunks of `size`. */
export function chunksOf({ cells }: Manifest, size: number): Chunk[] {
  return Array.from({ length: Math.ceil(cells.length / size) }, (_, position) => ({
    position,
    first: position * size,
    last: Math.min((position + 1) * size, cells.length) - 1,
  }));
}

/** Those with a cell that is not done. */
export function missingChunks(manifest: Manifest, store: Store, size: number): Chunk[] {
  const missing = manifest.cells.map(({ id }) => store.record(id)?.state !== "done");
  return chunksOf(manifest, size).filter(({ first, last }) => missing.slice(first, last + 1).includes(true));
}

/** Numbers as job schedulers write them: `0-3,7`. @param numbers ascending */
export function rangesText(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range && range[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}
