/**
 * How an iteration ended.
 *
 * - "converged": all that was asked for was reached. For an eigen-solver, every pair is there and every residual
 *   ‖Av − λv‖ is at most tolerance·‖A‖. For an estimate, every sample was drawn; how good it is, its standard error
 *   says.
 * - "max-iterations": the cap came first. What is returned is the best so far, its residuals are its own, and there
 *   may be fewer pairs than asked for.
 * - "invariant-subspace": further products would bring nothing new.
 *   `powerIteration`: the iterates repeat, since λ and −λ tie, to the tolerance, and they alternate between two
 *   vectors, neither an eigenvector; or since the tolerance is below rounding.
 *   `lanczos`: every pair is there and all searched spaces are closed under A to rounding, but the residuals are above
 *   the tolerance: it is below the rounding of the products, or the operator is not symmetric.
 *   `stochasticLanczosQuadrature`: the Krylov space of every probe closed, so that the quadrature is exact and sampling
 *   its only error. `hutchPlusPlusTrace`: the sketch has the whole range of A, so that nothing is left to sample.
 * - "non-finite": a product was NaN or infinite, or refused with a NonFiniteError; what is returned was found before,
 *   and there may be fewer pairs than asked for. Where nothing was, and in every estimate, the NonFiniteError is thrown.
 */
export type IterationStatus = "converged" | "max-iterations" | "invariant-subspace" | "non-finite";

/** What every iterative method reports. */
export interface IterationReport {
  /** Steps of the method: power or Lanczos steps, or random vectors drawn. */
  readonly iterations: number;
  /** Applications of the operator, those that check the result included. */
  readonly products: number;
  readonly status: IterationStatus;
}

/** An unbiased random estimate of a number. */
export interface Estimate extends IterationReport {
  readonly value: number;
  /** Of `value`, estimated from the samples: the interval value ± t·standardError has the coverage of Student's t. */
  readonly standardError: number;
}
