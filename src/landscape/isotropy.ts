import { ArgumentError, describe, inFunction, requireFinite } from "../errors.js";

/** How near a basin is to a sphere, by its eigenvalues λ_i; p_i = λ_i/Σλ over the positive ones. */
export interface SpectrumIsotropy {
  /** (Σ λ₊)²/(n Σ λ₊²), in [1/n, 1]: for H ⪰ 0 (tr H)²/(n ‖H‖²_F). The participation ratio, as a share of n. */
  readonly participation: number;
  /** exp(−Σ p ln p)/n, in [participation, 1]: the effective rank of Roy & Vetterli 2007, as a share of n. */
  readonly entropy: number;
  /** λ_min/λ_max ≤ 1: 0 with a flat direction, negative at a saddle. */
  readonly ratio: number;
}

/**
 * The isotropy of a spectrum: 1 for a positive multiple of the identity and nothing else. Negative eigenvalues enter the
 * ratio alone, and those near 0 hardly any sum, so that nothing hangs on a threshold. Rotations, and a factor of the
 * loss or of all parameters, change nothing.
 * @param eigenvalues (n), in any order, one of them positive @throws ArgumentError, NonFiniteError
 */
export function spectrumIsotropy(eigenvalues: Float64Array): SpectrumIsotropy {
  return inFunction("spectrumIsotropy", () => {
    if (!(eigenvalues instanceof Float64Array) || eigenvalues.length === 0) {
      throw new ArgumentError({
        expected: "eigenvalues to be a Float64Array of length ≥ 1",
        got: describe(eigenvalues),
      });
    }
    requireFinite("eigenvalues", eigenvalues);
    const smallest = eigenvalues.reduce((least, value) => Math.min(least, value));
    const largest = requirePositive(eigenvalues.reduce((most, value) => Math.max(most, value)));
    const sumOf = (f: (share: number) => number): number =>
      eigenvalues.reduce((sum, value) => sum + f(value / largest), 0);
    const sums = { first: sumOf(positivePart), second: sumOf(square), entropic: sumOf(logarithmic) };
    return { ...fromSums(sums, eigenvalues.length), ratio: smallest / largest };
  });
}

/** Sums over the eigenvalues as shares t = λ/λ_max of the largest: of t₊, t₊², t₊ ln t₊. */
export interface ShareSums {
  readonly first: number;
  readonly second: number;
  readonly entropic: number;
}

export const positivePart = (t: number): number => Math.max(t, 0);
export const square = (t: number): number => (t > 0 ? t * t : 0);
export const logarithmic = (t: number): number => (t > 0 ? t * Math.log(t) : 0);

/** −Σ p ln p = ln Σt − Σ t ln t/Σt. */
export function fromSums(
  { first, second, entropic }: ShareSums,
  size: number,
): Pick<SpectrumIsotropy, "participation" | "entropy"> {
  return {
    participation: ((first / size) * first) / second,
    entropy: Math.exp(Math.log(first) - entropic / first) / size,
  };
}

/** @throws ArgumentError where no eigenvalue is positive: there is no basin */
export function requirePositive(largest: number): number {
  if (largest > 0) return largest;
  throw new ArgumentError({
    expected: "a positive eigenvalue",
    got: `none, the largest is ${largest}`,
    next: "isotropy is that of a basin: go to a minimum first",
  });
}
