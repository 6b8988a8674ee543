import { LabError } from "../errors.js";
import { statOf } from "../files.js";
import { shownPath } from "../printable.js";
import type { Dataset } from "./dataset.js";
import { filesOf, loadSource, located, type SourceConfig } from "./sources.js";

interface Loaded {
  readonly dataset: Dataset;
  /** Of its files, when they were read. */
  readonly stamp: string;
}

/** Bytes of data that a thread keeps: of a sweep's, not of all that a worker was ever given. */
const MAX_BYTES = 2 ** 28;
/** Of a data set, however small. */
const MIN_BYTES = 2 ** 16;

/** What this thread has read, by source, in the order of the last use. */
const loaded = new Map<string, Loaded>();

/**
 * Data of a source, read and parsed once a thread: again only when a file has changed since, and the data wanted are not
 * those of before. What was not used for longest is given up where there would be too much.
 * @param sha256 of the data that are wanted, where it is known
 * @throws LabError as `loadSource`
 */
export function loadOnce(source: SourceConfig, sha256?: string): Dataset {
  const settings = Object.entries(located(source, process.cwd())).filter(([, value]) => value !== undefined);
  const key = JSON.stringify(settings.sort(([a], [b]) => (a < b ? -1 : 1)));
  const known = loaded.get(key);
  const isWanted = known !== undefined && known.dataset.sha256 === sha256;
  const stamp = isWanted ? known.stamp : stampOf(source);
  const current = known?.stamp === stamp ? known : { dataset: loadSource(source), stamp };
  loaded.delete(key);
  makeRoom(sizeOf(current.dataset));
  loaded.set(key, current);
  return current.dataset;
}

/** For so many bytes more. */
function makeRoom(bytes: number): void {
  let all = [...loaded.values()].reduce((sum, { dataset }) => sum + sizeOf(dataset), bytes);
  for (const [key, { dataset }] of loaded) {
    if (all <= MAX_BYTES) return;
    loaded.delete(key);
    all -= sizeOf(dataset);
  }
}

function sizeOf({ x, y }: Dataset): number {
  return Math.max(x.byteLength + y.byteLength, MIN_BYTES);
}

/** Differs when a file has changed. @throws LabError "file" for what can be read only once */
function stampOf(source: SourceConfig): string {
  return filesOf(source)
    .map((path) => {
      const found = statOf(path);
      if (found?.isFIFO() || found?.isCharacterDevice() || found?.isSocket())
        throw new LabError(
          "file",
          `cannot read ${shownPath(path)}: what comes out of a pipe comes once, and every thread of a training reads its data; save it first (cat > data.csv), and give the file`,
        );
      const { ino, size, mtimeMs } = found ?? {};
      return `${ino} ${size} ${mtimeMs}`;
    })
    .join();
}
