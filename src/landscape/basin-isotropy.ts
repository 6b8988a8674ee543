import { inFunction, requireInteger, requireObject } from "../errors.js";
import { symmetricEigen } from "../linalg/dense/eigh.js";
import { quadratureTrace } from "../linalg/estimates/quadrature.js";
import type { SampleMean } from "../linalg/estimates/sample-mean.js";
import { stochasticLanczosQuadrature } from "../linalg/estimates/slq.js";
import { lanczos } from "../linalg/krylov/lanczos.js";
import type { LinearOperator } from "../linalg/operator.js";
import { scaledOperator } from "../linalg/scaled-operator.js";
import type { Objective } from "../optim/objective.js";
import { denseMatrix } from "./dense.js";
import { normalizedHessian } from "./hessian-at.js";
import {
  fromSums,
  logarithmic,
  positivePart,
  requirePositive,
  spectrumIsotropy,
  square,
} from "./isotropy.js";
import type { NormalizationOptions } from "./scales.js";

export interface IsotropyOptions extends NormalizationOptions {
  /** Up to so many parameters H is formed, by n products, and nothing is estimated. ≥ 0, default 500. */
  readonly denseLimit?: number;
  /** Of the quadrature that estimates sums over the spectrum: random vectors, ≥ 2. Default 10. */
  readonly probes?: number;
  /** Of the quadrature: Lanczos steps for each, ≥ 1. Default 60. */
  readonly steps?: number;
  /** Of all random vectors. Default 0. */
  readonly seed?: number;
}

/** `SpectrumIsotropy` of a Hessian; standard errors are 0 where H was formed, and of sampling alone elsewhere. */
export interface BasinIsotropy {
  readonly participation: SampleMean;
  readonly entropy: SampleMean;
  readonly ratio: number;
  /** Products H·v. */
  readonly products: number;
}

/** Of λ_max and λ_min, beyond the dense limit. */
const EIGENVALUE_TOLERANCE = 1e-6;

/**
 * The isotropy of the basin around theta (`spectrumIsotropy`): of the Hessian's eigenvalues, or with a normalization of
 * those of T H T (`hessianAt`), which rescaling does not change.
 * @throws ArgumentError, as where no eigenvalue is positive; ShapeError, NonFiniteError, SymmetryError
 */
export function basinIsotropy(
  objective: Objective,
  theta: Float64Array,
  options: IsotropyOptions = {},
): BasinIsotropy {
  return inFunction("basinIsotropy", () => {
    requireObject("options", options);
    const { denseLimit = 500, probes = 10, steps = 60, seed = 0 } = options;
    requireInteger("denseLimit", denseLimit, 0);
    requireInteger("probes", probes, 2);
    requireInteger("steps", steps, 1);
    requireInteger("seed", seed, 0);
    const operator = normalizedHessian(objective, theta, options);
    if (operator.size > denseLimit) return estimated(operator, probes, steps, seed);
    const { values } = symmetricEigen(denseMatrix(operator));
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

function estimated(operator: LinearOperator, probes: number, steps: number, seed: number): BasinIsotropy {
  const ends = lanczos(operator, { which: "both", tolerance: EIGENVALUE_TOLERANCE, seed });
  const largest = ends.values[ends.values.length - 1];
  requireBasin(ends.values[0], largest, operator.size);
  const shares = scaledOperator(operator, 1 / largest);
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
