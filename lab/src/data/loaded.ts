import { statSync } from "node:fs";
import type { Dataset } from "./dataset.js";
import { filesOf, loadSource, located, type SourceConfig } from "./sources.js";

interface Loaded {
  readonly dataset: Dataset;
  /** Of its files, when they were read. */
  readonly stamp: string;
}

/** What this thread has read, by source. */
const loaded = new Map<string, Loaded>();

/**
 * Data of a source, read and parsed once a thread: again only when a file has changed since, and the data wanted are not
 * those of before.
 * @param sha256 of the data that are wanted, where it is known
 * @throws LabError as `loadSource`
 */
export function loadOnce(source: SourceConfig, sha256?: string): Dataset {
  const settings = Object.entries(located(source, process.cwd())).filter(([, value]) => value !== undefined);
  const key = JSON.stringify(settings.sort(([a], [b]) => (a < b ? -1 : 1)));
  const known = loaded.get(key);
  if (known !== undefined && known.dataset.sha256 === sha256) return known.dataset;
  const stamp = stampOf(source);
  if (known?.stamp === stamp) return known.dataset;
  const dataset = loadSource(source);
  loaded.set(key, { dataset, stamp });
  return dataset;
}

/** Differs when a file has changed. */
function stampOf(source: SourceConfig): string {
  return filesOf(source)
    .map((path) => {
      const { ino, size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
      return `${ino} ${size} ${mtimeMs}`;
    })
    .join();
}
