import jstat from "jstat";

/** Of a measure over seeds. */
export interface Summary {
  readonly mean: number;
  /** Of the sample: n − 1 in the denominator; 0 for one value. */
  readonly deviation: number;
  readonly n: number;
  /** Student's interval for the mean at 95 %; null for fewer than two values. */
  readonly interval: readonly [low: number, high: number] | null;
}

export const CONFIDENCE = 0.95;

/** Mean, spread and confidence. One missing value (NaN) makes all of them NaN: it is no number to leave out. Of no values at all they are NaN too. */
export function summarize(values: readonly number[]): Summary {
  const n = values.length;
  const mean = n === 0 ? Number.NaN : values.reduce((sum, value) => sum + value / n, 0);
  // Scaled, so that no square overflows.
  const reach = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  const squares = values.reduce((sum, value) => sum + ((value - mean) / reach) * ((value - mean) / reach), 0);
  const deviation = Number.isNaN(mean)
    ? Number.NaN
    : n > 1 && reach > 0
      ? reach * Math.sqrt(squares / (n - 1))
      : 0;
  if (n < 2) return { mean, deviation, n, interval: null };
  const half = (jstat.jStat.studentt.inv((1 + CONFIDENCE) / 2, n - 1) * deviation) / Math.sqrt(n);
  return { mean, deviation, n, interval: [mean - half, mean + half] };
}
