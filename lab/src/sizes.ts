import { LabError } from "./errors.js";

/** The most numbers that one array of data, parameters or activations may have: 8 GiB in double precision. */
export const MAX_NUMBERS = 2 ** 30;

/**
 * Refuses what by its size alone is beyond memory, before anything is allocated.
 * @param what has so many numbers, in the plural: "1,000 samples of 4 features"
 * @param next what to make smaller
 * @throws LabError "usage"
 */
export function requireRoom(what: string, numbers: number, next: string): void {
  if (numbers <= MAX_NUMBERS) return;
  const gibibytes = (8 * numbers) / 2 ** 30;
  throw new LabError(
    "usage",
    `${what} are ${rounded(numbers)} numbers, which take ${rounded(gibibytes)} GiB; at most 2³⁰ are allowed, 8 GiB: ${next}`,
  );
}

/** Three digits, and as many zeros as it takes. */
function rounded(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
