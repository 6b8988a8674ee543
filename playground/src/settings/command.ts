import { dataSets } from "./data-sets.js";
import { methods } from "./methods.js";
import type { Settings } from "./settings.js";

/** The command of the laboratory that trains the same. @param file the name of the CSV file, where there is one */
export function compareCommand(settings: Settings, file = "data.csv"): string {
  const { data, hidden, method, strength, wrong, steps, seed } = settings;
  const { source, testFraction } = dataSets[data];
  return [
    "flatward compare",
    ...(data === "csv" ? [quoted(file)] : ["--data", quoted(source)]),
    `--methods gradient-descent,${method} ${methods[method].option} ${strength}`,
    `--hidden ${hidden} --steps ${steps} --test-fraction ${testFraction}`,
    `--label-noise ${wrong} --first-seed ${seed} --seeds 1`,
  ].join(" ");
}

function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
