import { fileURLToPath } from "node:url";
import { LabError, nearest } from "../errors.js";
import { readCsv } from "./csv.js";
import type { Dataset } from "./dataset.js";

/** A data set that ships with the laboratory. */
interface Shipped {
  readonly file: string;
  readonly citation: string;
}

const shipped: Readonly<Record<string, Shipped>> = {
  iris: {
    file: "iris.csv",
    citation: "Iris, R. A. Fisher 1936; UCI Machine Learning Repository, CC BY 4.0",
  },
  digits: {
    file: "digits.csv",
    citation:
      "Optical Recognition of Handwritten Digits (test part), E. Alpaydin & C. Kaynak 1998; UCI Machine Learning Repository, CC BY 4.0",
  },
};

export const shippedNames = Object.keys(shipped);

/** Loads a shipped data set. @throws LabError "usage" for an unknown name, "data" for an unknown label column */
export function loadShipped(name: string, label?: string): Dataset {
  const entry = shipped[name];
  if (entry === undefined) {
    const meant = nearest(name, shippedNames);
    throw new LabError(
      "usage",
      `there is no data set "${name}"; ${meant ? `did you mean ${meant}?` : `there are ${shippedNames.join(", ")}`} A CSV file of your own is given by its path`,
    );
  }
  return readCsv(fileURLToPath(new URL(`../../data/${entry.file}`, import.meta.url)), {
    name,
    ...(label === undefined ? {} : { label }),
  });
}

/** Who made a data set, for shipped ones. */
export function citationOf(name: string): string | undefined {
  return shipped[name]?.citation;
}
