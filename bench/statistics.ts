/** First quartile, median and third quartile. */
export type Quartiles = readonly [number, number, number];

export function quartiles(samples: readonly number[]): Quartiles {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  };
  return [at(0.25), at(0.5), at(0.75)];
}

/** Slope of log y over log x by least squares: y ∝ x^slope. */
export function exponent(points: readonly (readonly [x: number, y: number])[]): number {
  const x = points.map(([first]) => Math.log(first));
  const y = points.map(([, second]) => Math.log(second));
  const meanX = x.reduce((a, b) => a + b) / x.length;
  const meanY = y.reduce((a, b) => a + b) / y.length;
  const covariance = x.reduce((total, value, i) => total + (value - meanX) * (y[i] - meanY), 0);
  return covariance / x.reduce((total, value) => total + (value - meanX) * (value - meanX), 0);
}
