import type { Interval } from "../../bounds/wolkowicz-styan.js";
import {
  describe,
  inFunction,
  requireFinite,
  requireFiniteValue,
  ShapeError,
  vectorAdvice,
} from "../../errors.js";
import { type SampleMean, sampleMean } from "../../linalg/estimates/sample-mean.js";
import { isFloat64Array } from "../../typed-arrays.js";

/** A mean of independent samples, with its standard error, and a 95 % confidence interval. */
export interface MeanEstimate extends SampleMean {
  /**
   * Holds the true mean in about 95 % of all cases, also where samples are skewed, as squares are: Student's t after Hall's
   * cubic (1992, J. R. Stat. Soc. B 54).
   */
  readonly interval: Interval;
}

/**
 * The mean of independent estimates, as of moments from one mini-batch after another, with its standard error and a 95 %
 * interval that allows for skewness.
 * @param samples (m), m ≥ 2 @throws ShapeError, NonFiniteError, also where they overflow
 * Hall 1992.
 * @example
 * import { meanEstimate } from "flatward/hsr";
 * const { value, standardError, interval } = meanEstimate(Float64Array.of(0.1, 0.4, 0.2, 2.3, 0.6, 0.3));
 * const two = (x) => x.toFixed(2);
 * console.log(two(value), "±", two(standardError), "in", two(interval.lower), "to", two(interval.upper)); // → 0.65 ± 0.34 in 0.03 to 4.06
 */
export function meanEstimate(samples: Float64Array): MeanEstimate {
  return inFunction("meanEstimate", () => {
    if (!isFloat64Array(samples) || samples.length < 2)
      throw new ShapeError({
        expected: "samples to be a Float64Array of two numbers or more",
        got: describe(samples),
        ...vectorAdvice(samples),
      });
    requireFinite("samples", samples);
    return skewedMean(samples);
  });
}

/** `meanEstimate` of samples that are checked. @throws NonFiniteError where they overflow */
export function skewedMean(samples: Float64Array): MeanEstimate {
  const m = samples.length;
  const mean = sampleMean(samples.slice());
  const { value, standardError } = mean;
  if (standardError === 0) return { ...mean, interval: { lower: value, upper: value } };
  // The cubic of t = (mean − truth)/standardError whose skewness is 0, g(t) = t + at²/3 + a²t³/27 + a/6, is inverted.
  const deviation = standardError * Math.sqrt(m);
  const third = samples.reduce((sum, sample) => sum + cube((sample - value) / deviation), 0) / m;
  const a = third / Math.sqrt(m);
  const inverse = (t: number) => {
    const root = Math.cbrt(1 + a * (t - a / 6));
    // (3/a)(root − 1), without the difference.
    return (3 * (t - a / 6)) / (root * root + root + 1);
  };
  const t = studentQuantile(m - 1);
  const end = (quantile: number) =>
    requireFiniteValue(
      "the interval",
      value - standardError * inverse(quantile),
      "the samples are too large",
    );
  return { ...mean, interval: { lower: end(t), upper: end(-t) } };
}

const cube = (x: number) => x * x * x;

/** 97.5 % points of Student's t where the series below is not good to 1e-4. */
const FEW = [12.706204736, 4.30265273, 3.182446305, 2.776445105];

/** The 97.5 % point of Student's t, by its series in 1/ν (Abramowitz & Stegun 26.7.5). @param degrees ν ≥ 1 */
function studentQuantile(degrees: number): number {
  if (degrees <= FEW.length) return FEW[degrees - 1];
  const u = 1 / degrees;
  return (
    1.959963984540054 +
    u * (2.3722712302985607 + u * (2.8224986157396086 + u * (2.555849679507719 + u * 1.5895340533938196)))
  );
}
