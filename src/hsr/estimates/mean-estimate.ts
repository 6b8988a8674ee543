import type { Interval } from "../../bounds/wolkowicz-styan.js";
import { type SampleMean, sampleMean } from "../../linalg/estimates/sample-mean.js";

/** A mean of independent samples, with its standard error, and a 95 % confidence interval. */
export interface MeanEstimate extends SampleMean {
  /**
   * Holds the true mean in about 95 % of all cases, also where samples are skewed, as squares are: Student's t after Hall's
   * cubic (1992, J. R. Stat. Soc. B 54).
   */
  readonly interval: Interval;
}

/** @param samples (m), m ≥ 2 @throws NonFiniteError where they overflow */
export function meanEstimate(samples: Float64Array): MeanEstimate {
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
  return {
    ...mean,
    interval: {
      lower: value - standardError * inverse(t),
      upper: value - standardError * inverse(-t),
    },
  };
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
