import type { Dataset } from "../data/dataset.js";
import { loadManifestData, type ManifestData } from "./manifest.js";

/** Data that this thread has read before. */
const loaded = new Map<string, Dataset>();

/** Data of a manifest, read once a thread. @throws LabError "data" when they have changed */
export function datasetOf(data: ManifestData): Dataset {
  const key = JSON.stringify(data.source) + data.sha256;
  let dataset = loaded.get(key);
  if (dataset === undefined) {
    dataset = loadManifestData(data);
    loaded.set(key, dataset);
  }
  return dataset;
}
