/** cos(πx) for 0 ≤ x ≤ 1, to about 2e-16, from arithmetic alone: the same bits everywhere, as Math.cos is not. */
export function cosPi(x: number): number {
  if (x > 0.5) return -cosPi(1 - x);
  // Near the zero at ½ the sine of the small complement is exact where the cosine would cancel.
  return x <= 0.25 ? series(1, 0, Math.PI * x) : series(Math.PI * (0.5 - x), 1, Math.PI * (0.5 - x));
}

/** first·(1 − y²/((k+1)(k+2)) + …), the series of the cosine (first = 1, k = 0) or the sine (first = y, k = 1). */
function series(first: number, k: number, y: number): number {
  let [sum, term] = [0, first];
  const terms = [];
  for (let j = k; term !== 0 && j < 24; j += 2) {
    terms.push(term);
    term *= -(y * y) / ((j + 1) * (j + 2));
  }
  // Smallest first.
  for (const entry of terms.reverse()) sum += entry;
  return sum;
}
