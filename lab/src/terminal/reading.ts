import type { Dataset } from "../data/dataset.js";
import { type ReadData, readingOf, readingText } from "../data/reading.js";
import type { Manifest } from "../sweep/manifest.js";
import { wrapped } from "./width.js";

/** Data sets beyond which a sweep's are not listed. */
const MAX_LISTED = 3;

/** Says how data were read, a line each, and on stderr what may be wrong with it. */
export function tellReading(data: readonly Dataset[], log: NodeJS.WritableStream): void {
  for (const dataset of data) {
    const { name, label, classes, features, y } = dataset;
    const read = { name, label, classes, samples: y.length, features: features.length };
    log.write(`${wrapped(readingText({ ...read, reading: readingOf(dataset) }))}\n`);
    warn({ ...read, reading: readingOf(dataset) });
  }
}

/** The same of a sweep's data, where it has few. */
export function tellReadings({ data }: Pick<Manifest, "data">, log: NodeJS.WritableStream): void {
  if (data.length <= MAX_LISTED) for (const one of data) log.write(`${wrapped(readingText(one))}\n`);
  tellWarnings({ data });
}

/** On stderr, what may have been read wrongly. */
export function tellWarnings({ data }: Pick<Manifest, "data">): void {
  data.forEach(warn);
}

function warn({ name, reading }: ReadData): void {
  for (const warning of reading?.warnings ?? [])
    process.stderr.write(`${wrapped(`flatward: ${name}: ${warning}`)}\n`);
}
