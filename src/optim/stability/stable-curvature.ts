/** A closed interval; a point where the ends agree. */
export interface StableInterval {
  readonly lower: number;
  readonly upper: number;
}

/** How momentum turns an effective curvature into a recurrence of the iterates. */
export interface Recurrence {
  /** "velocity" and "lookahead" as in `sgd`, "displacement" as in `heavyBall`, "extrapolation" as in `nesterov`. */
  readonly kind: "velocity" | "lookahead" | "displacement" | "extrapolation";
  readonly learningRate: number;
  /** β. */
  readonly momentum: number;
  /** τ, of a velocity. */
  readonly dampening: number;
  /** σ = αλ where weight decay is decoupled, 0 where it is not. */
  readonly shrinkage: number;
}

/**
 * The curvatures μ at which the linear iteration of an optimizer has a spectral radius of at most 1; lower > upper where
 * there are none.
 *
 * In one eigendirection the gradient is μx, and the iteration has two roots with trace T and determinant D. Both are at
 * most 1 in modulus where |T| ≤ 1 + D and |D| ≤ 1 (Jury). With z = αμ and s = 1 − σ:
 *
 * - velocity: T = s + β − (1−τ)z, D = βs; so −σ(1−β) ≤ (1−τ)z ≤ (2−σ)(1+β)
 * - lookahead: T = s + β − (1+β)z, D = βs − βz; so −σ(1−β) ≤ z ≤ (2−σ)(1+β)/(1+2β)
 * - displacement: T = s + β − z, D = β; so −σ ≤ z ≤ 2(1+β) − σ
 * - extrapolation: T = (1+β)(s−z), D = β(s−z); so −σ ≤ z ≤ 2(1+β)/(1+2β) − σ
 *
 * |D| ≤ 1 follows from these wherever β < 1 and σ ≥ 0. Without decay 2/α, 2(1+β)/α and 2(1+β)/(α(1+2β)) are those of
 * arXiv 2510.09034.
 */
export function stableCurvature(recurrence: Recurrence): StableInterval {
  const { kind, learningRate, momentum: beta, dampening, shrinkage: sigma } = recurrence;
  const between = (lower: number, upper: number): StableInterval => ({
    lower: lower / learningRate,
    upper: upper / learningRate,
  });
  switch (kind) {
    case "velocity":
      return between((-sigma * (1 - beta)) / (1 - dampening), ((2 - sigma) * (1 + beta)) / (1 - dampening));
    case "lookahead":
      return between(-sigma * (1 - beta), ((2 - sigma) * (1 + beta)) / (1 + 2 * beta));
    case "displacement":
      return between(-sigma, 2 * (1 + beta) - sigma);
    case "extrapolation":
      return between(-sigma, (2 * (1 + beta)) / (1 + 2 * beta) - sigma);
  }
}
