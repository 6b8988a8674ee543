import { counted, printable } from "../printable.js";
import type { LabelledSamples } from "./dataset.js";
import { shortened } from "./obstacles.js";

/** Features, and classes, whose names are told. */
const MAX_NAMES = 6;
/** Characters of a name. */
const MAX_NAME = 30;

/** How data were read, shortened: what tells a wrong reading at once. */
export interface Reading {
  /** The first features. */
  readonly features: readonly string[];
  readonly dropped?: readonly string[] | undefined;
  readonly warnings?: readonly string[] | undefined;
}

export function readingOf({ features, dropped, warnings }: LabelledSamples): Reading {
  return {
    features: features.slice(0, MAX_NAMES).map(shown),
    ...(dropped === undefined ? {} : { dropped: dropped.slice(0, MAX_NAMES + 1).map(shown) }),
    ...(warnings === undefined ? {} : { warnings }),
  };
}

/** Data, as a line tells them. */
export interface ReadData {
  readonly name: string;
  readonly label: string;
  readonly samples: number;
  readonly features: number;
  readonly classes: readonly string[];
  readonly reading?: Reading | undefined;
}

/** `iris: 150 samples, 4 features (a, b, c, d), 3 classes of "species" (x, y, z)`. */
export function readingText({ name, label, samples, features, classes, reading }: ReadData): string {
  const known = reading?.features ?? [];
  const all = [...known, ...Array.from({ length: features - known.length }, () => "")];
  const names = known.length === 0 ? "" : ` (${shortened(all, known.length)})`;
  const dropped = reading?.dropped === undefined ? "" : `, without ${shortened(reading.dropped, MAX_NAMES)}`;
  return `${name}: ${counted(samples, "sample")}, ${counted(features, "feature")}${names}${dropped}, ${counted(classes.length, "class", "classes")} of “${printable(label)}” (${shortened(classes.map(shown), MAX_NAMES)})`;
}

/** A name that has a comma is quoted, so that a list of names can be told from it. */
function shown(name: string): string {
  const text = printable(name, MAX_NAME);
  return text.includes(",") ? `"${text}"` : text;
}
