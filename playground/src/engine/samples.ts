import digits from "virtual:small-digits";
import iris from "../../../lab/data/iris.csv?raw";
import { blobs } from "../../../lab/src/data/blobs.js";
import { circles, moons, spirals } from "../../../lab/src/data/curves.js";
import type { LabelledSamples } from "../../../lab/src/data/dataset.js";
import type { DataName } from "../settings/data-sets.js";
import { digitsTable } from "./digits-table.js";
import { readTable } from "./read-table.js";

/** A file that was given by its reader. */
export interface GivenFile {
  readonly name: string;
  readonly text: string;
}

const drawn = { samples: 250, draw: 0 };

/** As `source` in the table of data sets says it to the laboratory. */
const loaders: Readonly<Record<Exclude<DataName, "csv">, () => LabelledSamples>> = {
  moons: () => moons({ ...drawn, noise: 0.2 }),
  circles: () => circles({ ...drawn, noise: 0.1, inner: 0.5 }),
  spirals: () => spirals({ ...drawn, noise: 0.03, classes: 2, turns: 1 }),
  blobs: () => blobs({ ...drawn, features: 2, classes: 3, spread: 0.4 }),
  iris: () => readTable(iris, "iris.csv"),
  digits: () => readTable(digitsTable(digits), "digits.csv"),
};

/** @throws Error for a file that is no table of samples */
export function loadSamples(data: DataName, file?: GivenFile): LabelledSamples {
  if (data !== "csv") return loaders[data]();
  if (file === undefined) throw new Error("no file was given");
  return readTable(file.text, file.name);
}
