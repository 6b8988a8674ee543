/** The probability, about, that a random start vector has too little of an eigenvector for it to be noticed. */
const RISK = 1e-8;

/** Relative to the eigenvalues: a difference below this may have lost most of its digits. */
const NEAR = 1e-10;

/**
 * Whether a Lanczos run proves that there is no eigenvalue at or beyond bounds outside of its Ritz values. If λ were one,
 * with unit vector q, the start vector v₁ would have |v₁ᵀq| = |v_{m+1}ᵀq|·Π β_j / Π |λ − θ_i|, since (λ − T) Vᵀq =
 * β_m (v_{m+1}ᵀq) e_m. A random vector of length 1 in d dimensions has less than RISK/√d with a probability below RISK.
 * Compare Kuczyński & Woźniakowski 1992.
 * @param values the Ritz values θ, ascending @param couplings the subdiagonal β₁ … β_m of T
 */
export function isAbsent(
  values: Float64Array,
  couplings: readonly number[],
  { low, high, beyond }: Sides,
  dimension: number,
): boolean {
  if (beyond === undefined) return false;
  const limit = Math.log(RISK) - 0.5 * Math.log(dimension);
  return (
    (high === 0 || logComponent(values, couplings, beyond.upper, 1) < limit) &&
    (low === 0 || logComponent(values, couplings, beyond.lower, -1) < limit)
  );
}

interface Sides {
  readonly low: number;
  readonly high: number;
  readonly beyond: { readonly lower: number; readonly upper: number } | undefined;
}

/**
 * log Π β_j / |bound − θ_j|; ∞ where the bound is inside the Ritz values, or too near to one to tell by how much. It
 * decreases as the bound moves away.
 */
function logComponent(
  values: Float64Array,
  couplings: readonly number[],
  bound: number,
  sign: number,
): number {
  const near = NEAR * Math.max(Math.abs(bound), Math.abs(values[0]), Math.abs(values[values.length - 1]));
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const gap = sign * (bound - values[i]);
    if (!(gap > near)) return Number.POSITIVE_INFINITY;
    sum += Math.log(couplings[i] / gap);
  }
  return sum;
}
