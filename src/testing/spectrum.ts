import fc from "fast-check";
import { inFunction, requireInteger } from "../errors.js";
import { optionsOf } from "../options.js";
import { exactly, hundredths } from "./numbers.js";

/** How many eigenvalues a generated spectrum may have. */
export interface SpectrumOptions {
  /** Smallest number of eigenvalues, ≥ 1. Default 1. */
  readonly minSize?: number | undefined;
  /** Largest number. Default 12. */
  readonly maxSize?: number | undefined;
}

/**
 * Eigenvalues that a symmetric matrix may have, in no order: any, clustered around one number or two, mostly zeros, in pairs ±λ,
 * of one sign, one far from the others, all equal, of magnitudes from 1e-9 to 1e6 side by side; all scaled by
 * 1e-8 … 1e8. They shrink to few zeros.
 * @example
 * import fc from "fast-check";
 * import { spectrum } from "flatward/testing";
 * fc.assert(fc.property(spectrum({ maxSize: 5 }), (eigenvalues) => eigenvalues.length <= 5));
 * console.log("holds"); // → holds
 */
export function spectrum(options: SpectrumOptions = {}): fc.Arbitrary<number[]> {
  return inFunction("spectrum", () => eigenvaluesOf(optionsOf(options, ["minSize", "maxSize"])));
}

function eigenvaluesOf(options: SpectrumOptions): fc.Arbitrary<number[]> {
  const { minSize = 1, maxSize = 12 } = options;
  requireInteger("minSize", minSize, 1);
  requireInteger("maxSize", maxSize, 1);
  const value = hundredths(10);
  return fc
    .integer({ min: minSize, max: Math.max(minSize, maxSize) })
    .chain((n) => {
      const any = exactly(n, value);
      const magnitude = fc.integer({ min: -9, max: 6 }).map((power) => Number(`1e${power}`));
      return fc.tuple(
        fc.oneof(
          any,
          any.map((values) => values.map(Math.abs)),
          fc
            .tuple(value, fc.constantFrom(1e-2, 1e-5, 1e-9, 1e-13), any)
            .map(([centre, spread, values]) => values.map((each) => centre + spread * each)),
          // Around two numbers: where the bounds by fourth moments are degenerate.
          fc
            .tuple(value, value, fc.constantFrom(0, 1e-5, 1e-9, 1e-13), any)
            .map(([first, second, spread, values]) =>
              values.map((each, i) => (i % 2 === 0 ? first : second) + spread * each),
            ),
          fc.tuple(fc.integer({ min: 0, max: n }), any).map(([rank, values]) => zeroAfter(values, rank)),
          // Equal but for zeros: where rank-aware bounds are degenerate.
          fc.tuple(fc.integer({ min: 0, max: n }), value).map(([rank, each]) =>
            zeroAfter(
              Array.from({ length: n }, () => each),
              rank,
            ),
          ),
          any.map((values) => values.map((_, i) => (i % 2 === 0 ? values[i] : -values[i - 1]))),
          fc
            .tuple(value, fc.integer({ min: -1000, max: 1000 }))
            .map(([rest, outlier]) => Array.from({ length: n }, (_, i) => (i === 0 ? outlier : rest))),
          exactly(n, fc.tuple(value, magnitude)).map((pairs) => pairs.map(([each, size]) => each * size)),
        ),
        fc.constantFrom(1, 1e-8, 1e-3, 1e3, 1e8),
      );
    })
    .map(([values, scale]) => values.map((each) => each * scale));
}

function zeroAfter(values: readonly number[], rank: number): number[] {
  return values.map((each, i) => (i < rank ? each : 0));
}
