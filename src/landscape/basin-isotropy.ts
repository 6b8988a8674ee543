import {
  ArgumentError,
  describe,
  inFunction,
  requireFinite,
  requireFiniteValue,
  requireInteger,
} from "../errors.js";
import { symmetricEigen } from "../linalg/dense/eigh.js";
import type { SymmetryOptions } from "../linalg/dense/symmetric-part.js";
import { quadratureTrace } from "../linalg/estimates/quadrature.js";
import type { SampleMean } from "../linalg/estimates/sample-mean.js";
import { stochasticLanczosQuadrature } from "../linalg/estimates/slq.js";
import { lanczos } from "../linalg/krylov/lanczos.js";
import type { Operator } from "../linalg/operator.js";
import type { Objective } from "../optim/objective.js";
import { optionsOf } from "../options.js";
import { isFloat64Array } from "../typed-arrays.js";
import { normalizedHessian } from "./hessian-at.js";
import { type NormalizationOptions, normalizationOptions } from "./scales.js";

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
 * @example
 * import { spectrumIsotropy } from "flatward/landscape";
 * console.log(spectrumIsotropy(Float64Array.of(2, 2, 2)).participation); // → 1
 * console.log(spectrumIsotropy(Float64Array.of(6, 0, 0)).participation.toFixed(4)); // → 0.3333
 */
export function spectrumIsotropy(eigenvalues: Float64Array): SpectrumIsotropy {
  return inFunction("spectrumIsotropy", () => {
    if (!isFloat64Array(eigenvalues) || eigenvalues.length === 0) {
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
    const ratio = requireFiniteValue("λ_min/λ_max", smallest / largest);
    return { ...fromSums(sums, eigenvalues.length), ratio };
  });
}

export interface IsotropyOptions extends NormalizationOptions, SymmetryOptions {
  /** Up to so many parameters H is formed, by n products, and nothing is estimated. ≥ 0, default 500. */
  readonly denseLimit?: number | undefined;
  /** Random vectors of the quadrature that estimates sums over the spectrum, ≥ 2. Default 10. */
  readonly probes?: number | undefined;
  /** Lanczos steps of the quadrature for each vector, ≥ 1. Default 60. */
  readonly steps?: number | undefined;
  /** Seed of all random vectors. Default 0. */
  readonly seed?: number | undefined;
}

/** `SpectrumIsotropy` of a Hessian; standard errors are 0 where H was formed, and of sampling alone elsewhere. */
export interface BasinIsotropy {
  readonly participation: SampleMean;
  readonly entropy: SampleMean;
  readonly ratio: number;
  /** Products H·v. */
  readonly products: number;
}

/** 2⁶⁰⁰, a power of two, so that nothing is rounded. */
const LIFT = 4.149515568880993e180;

/** Of λ_max and λ_min, beyond the dense limit. */
const EIGENVALUE_TOLERANCE = 1e-6;

/**
 * The isotropy of the basin around theta (`spectrumIsotropy`): of the Hessian's eigenvalues, or with a normalization of
 * those of T H T (`hessianAt`), which rescaling does not change.
 * @throws ArgumentError, as where no eigenvalue is positive; ShapeError, NonFiniteError, SymmetryError
 * @example
 * import { objectiveOf } from "flatward";
 * import { basinIsotropy } from "flatward/landscape";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * console.log(basinIsotropy(bowl, Float64Array.of(0, 0)).ratio); // → 0.25
 */
export function basinIsotropy(
  objective: Objective,
  theta: Float64Array,
  options: IsotropyOptions = {},
): BasinIsotropy {
  return inFunction("basinIsotropy", () => {
    const given = optionsOf(options, [
      ...normalizationOptions,
      "denseLimit",
      "probes",
      "steps",
      "seed",
      "symmetryTolerance",
    ]);
    const {
      denseLimit = 500,
      probes = 10,
      steps = 60,
      seed = 0,
      symmetryTolerance,
      ...normalization
    } = given;
    requireInteger("denseLimit", denseLimit, 0);
    requireInteger("probes", probes, 2);
    requireInteger("steps", steps, 1);
    requireInteger("seed", seed, 0);
    const operator = normalizedHessian(objective, theta, normalization);
    if (operator.size > denseLimit) return estimated(operator, probes, steps, seed);
    const { values } = symmetricEigen(operator.toMatrix({ symmetryTolerance }));
    requireBasin(values[0], values[values.length - 1], operator.size);
    const { participation, entropy, ratio } = spectrumIsotropy(values);
    const exact = (value: number): SampleMean => ({ value, standardError: 0 });
    return { participation: exact(participation), entropy: exact(entropy), ratio, products: operator.size };
  });
}

/** A positive eigenvalue must be more than the rounding of a large negative one. @throws ArgumentError */
function requireBasin(smallest: number, largest: number, size: number): void {
  requirePositive(largest > size * Number.EPSILON * Math.abs(smallest) ? largest : Math.min(largest, 0));
}

function estimated(operator: Operator, probes: number, steps: number, seed: number): BasinIsotropy {
  const ends = lanczos(operator, { which: "both", tolerance: EIGENVALUE_TOLERANCE, seed });
  const largest = ends.values[ends.values.length - 1];
  requireBasin(ends.values[0], largest, operator.size);
  // Of a subnormal eigenvalue the inverse is no number.
  const shares =
    largest < 1 / LIFT ? operator.scaled(LIFT).scaled(1 / (largest * LIFT)) : operator.scaled(1 / largest);
  const quadrature = stochasticLanczosQuadrature(shares, { probes, steps, seed });
  const sum = (f: (share: number) => number): SampleMean => quadratureTrace(quadrature, f);
  const [a, b, e] = [positivePart, square, logarithmic].map((f) => sum(f).value);
  const { participation, entropy } = fromSums({ first: a, second: b, entropic: e }, operator.size);
  // To first order in the errors of the sums, one probe's relative error is that of a sum of its own.
  const byParticipation = (t: number): number => (2 * positivePart(t)) / a - square(t) / b;
  const byEntropy = (t: number): number => (positivePart(t) * (1 + e / a) - logarithmic(t)) / a;
  return {
    participation: {
      value: participation,
      standardError: participation * sum(byParticipation).standardError,
    },
    entropy: { value: entropy, standardError: entropy * sum(byEntropy).standardError },
    ratio: ends.values[0] / largest,
    products: ends.products + quadrature.products,
  };
}

/** Sums over the eigenvalues as shares t = λ/λ_max of the largest: of t₊, t₊², t₊ ln t₊. */
interface ShareSums {
  readonly first: number;
  readonly second: number;
  readonly entropic: number;
}

const positivePart = (t: number): number => Math.max(t, 0);
const square = (t: number): number => (t > 0 ? t * t : 0);
const logarithmic = (t: number): number => (t > 0 ? t * Math.log(t) : 0);

/** −Σ p ln p = ln Σt − Σ t ln t/Σt. */
function fromSums(
  { first, second, entropic }: ShareSums,
  size: number,
): Pick<SpectrumIsotropy, "participation" | "entropy"> {
  return {
    participation: ((first / size) * first) / second,
    entropy: Math.exp(Math.log(first) - entropic / first) / size,
  };
}

/** @throws ArgumentError where no eigenvalue is positive: there is no basin */
function requirePositive(largest: number): number {
  if (largest > 0) return largest;
  throw new ArgumentError({
    expected: "a positive eigenvalue",
    got: `none, the largest is ${largest}`,
    next: "isotropy is that of a basin: go to a minimum first",
  });
}
