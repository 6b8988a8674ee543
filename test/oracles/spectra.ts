// Independent of the engine: sums over eigenvalues that are written down, and matrices that have them.

import type { CentralMoments } from "../../src/bounds/index.js";
import type { SpectralMoments } from "../../src/index.js";
import { euclidean, largest } from "./compare.js";

/** n, Σλ and Σλ². */
export function momentsOf(spectrum: readonly number[]): SpectralMoments {
  return {
    size: spectrum.length,
    trace: spectrum.reduce((sum, value) => sum + value, 0),
    frobeniusSquared: spectrum.reduce((sum, value) => sum + value * value, 0),
  };
}

/** Mean, deviation, skewness and kurtosis, as means of powers of deviations, which do not cancel. */
export function centralOf(spectrum: readonly number[]): CentralMoments {
  const size = spectrum.length;
  // A power of two, which rounds nothing.
  const scale = 2 ** Math.floor(Math.log2(largest(spectrum) || 1));
  const scaled = spectrum.map((value) => value / scale);
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value / size, 0);
  const first = meanOf(scaled);
  const deviations = scaled.map((value) => value - first);
  const mean = first + meanOf(deviations);
  const centred = deviations.map((value) => value - meanOf(deviations));
  // Far below ε is what centring itself left.
  const flat = largest(centred) < 1e-25;
  const unit = flat ? 1 : largest(centred);
  const z = centred.map((value) => (flat ? 0 : value / unit));
  const power = (k: number) => z.reduce((sum, value) => sum + value ** k, 0) / size;
  const deviation = Math.sqrt(power(2));
  return {
    size,
    mean: scale * mean,
    deviation: scale * unit * deviation,
    skewness: flat ? 0 : power(3) / deviation ** 3,
    kurtosis: flat ? 1 : power(4) / deviation ** 4,
  };
}

/** Q Λ Qᵀ for Q the product of two Householder reflections by these vectors; symmetric to the bit. */
export function matrixWith(
  spectrum: readonly number[],
  ...reflections: readonly (readonly number[])[]
): number[][] {
  const n = spectrum.length;
  let rows = spectrum.map((value, i) => spectrum.map((_, j) => (i === j ? value : 0)));
  for (const vector of reflections) {
    const length = euclidean(vector);
    if (length === 0) continue;
    const v = vector.slice(0, n).map((entry) => entry / length);
    const norm = v.reduce((sum, entry) => sum + entry * entry, 0);
    const factor = norm > 0.25 ? 2 / norm : 0;
    // (I − f v vᵀ) A (I − f v vᵀ) = A − v wᵀ − w vᵀ with w = f A v − ½ f² (vᵀAv) v.
    const av = rows.map((row) => row.reduce((sum, entry, j) => sum + entry * v[j], 0));
    const quadratic = av.reduce((sum, entry, i) => sum + entry * v[i], 0);
    const w = av.map((entry, i) => factor * entry - 0.5 * factor * factor * quadratic * v[i]);
    rows = rows.map((row, i) => row.map((entry, j) => entry - (v[i] * w[j] + w[i] * v[j])));
  }
  return rows;
}
