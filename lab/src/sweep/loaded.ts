import type { Dataset } from "../data/dataset.js";
import { loadManifestData, type ManifestData } from "./manifest.js";

/** Bytes of data that a thread keeps: of a sweep's, not of all that a worker was ever given. */
const MOST_BYTES = 2 ** 28;

/** Of a data set, however small. */
const LEAST_BYTES = 2 ** 16;

/** Data that this thread has read before, in the order of their last use. */
const loaded = new Map<string, Dataset>();

/**
 * Data of a manifest, kept by the thread that has read them; what was not used for longest is given up where there would
 * be too much.
 * @throws LabError "data" when they have changed
 */
export function datasetOf(data: ManifestData): Dataset {
  const key = JSON.stringify(data.source) + data.sha256;
  const dataset = loaded.get(key) ?? loadManifestData(data);
  loaded.delete(key);
  makeRoom(sizeOf(dataset));
  loaded.set(key, dataset);
  return dataset;
}

/** For so many bytes more. */
function makeRoom(bytes: number): void {
  let all = [...loaded.values()].reduce((sum, dataset) => sum + sizeOf(dataset), bytes);
  for (const [key, dataset] of loaded) {
    if (all <= MOST_BYTES) return;
    loaded.delete(key);
    all -= sizeOf(dataset);
  }
}

function sizeOf({ x, y }: Dataset): number {
  return Math.max(x.byteLength + y.byteLength, LEAST_BYTES);
}
