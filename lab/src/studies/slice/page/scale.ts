import { LabError } from "../../../errors.js";

export type LevelsChoice = "auto" | "linear" | "log";

/** How values become heights and colours. */
export interface ValueScale {
  readonly log: boolean;
  /** The least and the greatest value. */
  readonly low: number;
  readonly high: number;
  /** Those of contours: round numbers, ascending. */
  readonly levels: readonly number[];
  /** The value itself, or its logarithm to base 10; a missing one is as high as the highest. */
  position(value: number | null): number;
}

/** Least ratio of values that a logarithmic scale is worth. */
const LOG_RATIO = 30;
/** Contours wanted, about. */
const CONTOURS = 12;

/** @param what names the values in messages @throws LabError "usage" for logarithms of what is not positive */
export function scaleOf(what: string, values: readonly (number | null)[], choice: LevelsChoice): ValueScale {
  const finite = values.filter((value) => value !== null);
  if (finite.length === 0)
    throw new LabError("data", `${what} is finite nowhere on this grid; choose a smaller --range`);
  const low = finite.reduce((least, value) => Math.min(least, value));
  const high = finite.reduce((most, value) => Math.max(most, value));
  if (choice === "log" && low <= 0)
    throw new LabError(
      "usage",
      `--levels log: ${what} goes down to ${low.toPrecision(3)}, which has no logarithm`,
    );
  const log = choice === "log" || (choice === "auto" && low > 0 && high / low >= LOG_RATIO);
  return {
    log,
    low,
    high,
    levels: log ? logLevels(low, high) : linearLevels(low, high),
    position: (value) => (log ? Math.log10(value ?? high) : (value ?? high)),
  };
}

/** Round numbers strictly between two others. */
function linearLevels(low: number, high: number): number[] {
  if (!(high > low)) return [];
  const rough = high / CONTOURS - low / CONTOURS;
  const power = Number(`1e${Math.floor(Math.log10(rough))}`);
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step) + 1;
  const count = Math.max(0, Math.ceil(high / step) - first);
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The same in every decade: fewer where there are many, and of very many only every second, third, … */
function logLevels(low: number, high: number): number[] {
  // Not of the quotient, which may overflow.
  const decades = Math.log10(high) - Math.log10(low);
  const stride = Math.max(1, Math.ceil(decades / CONTOURS));
  const factors =
    decades > 7 ? [1] : decades > 3.5 ? [1, 3] : decades > 2 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7];
  const first = Math.floor(Math.log10(low) / stride) * stride;
  return Array.from({ length: Math.ceil(decades / stride) + 2 }, (_, i) => first + i * stride)
    .flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`)))
    .filter((level) => level > low && level < high);
}
