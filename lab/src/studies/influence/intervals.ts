import { type Summary, summarize } from "../../experiment/measures/statistics.js";
import { fixed, minus } from "../../report/format.js";
import type { Numbers } from "./question.js";

/** One number over seeds: its mean and Student's interval at 95 %. */
function over(answers: readonly Numbers[], of: (numbers: Numbers) => number): Summary {
  return summarize(answers.map(of));
}

/** The geometric mean of a ratio over seeds, with its interval: `0.52 [0.47, 0.58]`. */
export function ratioText(answers: readonly Numbers[], of: (numbers: Numbers) => number): string {
  return intervalText(
    over(answers, (numbers) => Math.log(of(numbers))),
    (value) => minus(Math.exp(value).toPrecision(3)),
  );
}

/** The mean of a share over seeds: `52 % [47, 58]`. */
export function shareText(answers: readonly Numbers[], of: (numbers: Numbers) => number): string {
  return intervalText(over(answers, of), (value) => fixed(100 * value, 1), " %");
}

/** The mean, with as many decimals. */
export function meanText(
  answers: readonly Numbers[],
  of: (numbers: Numbers) => number,
  decimals = 2,
): string {
  return intervalText(over(answers, of), (value) => fixed(value, decimals));
}

function intervalText({ mean, interval }: Summary, show: (value: number) => string, unit = ""): string {
  const ends = interval === null ? "" : ` [${interval.map(show).join(", ")}]`;
  return `${show(mean)}${unit}${ends}`;
}
