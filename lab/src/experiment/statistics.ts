/** Mean and sample standard deviation (n − 1 in the denominator; 0 for a single value). */
export interface Summary {
  readonly mean: number;
  readonly deviation: number;
  readonly n: number;
}

export function summarize(values: readonly number[]): Summary {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : 0, n };
}
