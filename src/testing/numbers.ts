import fc from "fast-check";

/** Multiples of 1/100 in [−limit, limit]: short to read in a counterexample; they shrink to 0. */
export function hundredths(limit: number): fc.Arbitrary<number> {
  return fc.integer({ min: -100 * limit, max: 100 * limit }).map((count) => count / 100);
}

/** Arrays of exactly `length` draws. */
export function exactly<T>(length: number, entry: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(entry, { minLength: length, maxLength: length, size: "max" });
}

/** Arrays of exactly `rows` rows of `columns` draws. */
export function exactRows<T>(rows: number, columns: number, entry: fc.Arbitrary<T>): fc.Arbitrary<T[][]> {
  return exactly(rows, exactly(columns, entry));
}
