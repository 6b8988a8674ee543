import {
  ArgumentError,
  describe,
  inFunction,
  requireFew,
  requireFiniteValue,
  requireFunction,
  requireInteger,
  requireObject,
} from "../../errors.js";
import { isFloat64Array, typedArrayName } from "../../typed-arrays.js";
import { type SampleMean, sampleMean } from "./sample-mean.js";
import type { LanczosQuadrature } from "./slq.js";

/** Estimated moments of the distribution of eigenvalues. */
export interface QuadratureMoments {
  /** (highest + 1): tr(A^p)/n for p = 0 … highest. */
  readonly values: Float64Array;
  /** (highest + 1): of the mean over probes. Quadrature adds no error up to the power 2·steps − 1. */
  readonly standardErrors: Float64Array;
}

/** @throws ArgumentError unless it is an object with a quadrature's parts, which fit each other */
export function requireQuadrature(quadrature: LanczosQuadrature): void {
  requireObject("quadrature", quadrature, "stochasticLanczosQuadrature makes one");
  const { size, probes, nodes, weights, offsets } = quadrature;
  const isWhole =
    isFloat64Array(nodes) && isFloat64Array(weights) && typedArrayName(offsets) === "Int32Array";
  if (!isWhole)
    throw new ArgumentError({
      expected: "quadrature to be a result of stochasticLanczosQuadrature",
      got: describe(quadrature),
      next: "an operator is not one yet: pass stochasticLanczosQuadrature(operator)",
    });
  requireInteger("quadrature.size", size, 1);
  requireInteger("quadrature.probes", probes, 1);
  const fits =
    weights.length === nodes.length &&
    offsets.length === probes + 1 &&
    offsets.every((offset, p) => (p === 0 ? offset === 0 : offset > offsets[p - 1])) &&
    offsets[probes] === nodes.length;
  if (!fits)
    throw new ArgumentError({
      expected:
        "quadrature.offsets to ascend from 0 to the number of nodes, one more than probes, and a weight for each node",
      got: `${nodes.length} nodes, ${weights.length} weights, offsets ${offsets.join(", ")}`,
    });
}

/**
 * tr f(A) ≈ n·Σ_j w_j f(θ_j), the mean over probes, and its standard error, which does not see the error of the
 * quadrature itself.
 * @param f finite on the nodes @throws ArgumentError, NonFiniteError
 * @example
 * import { stochasticLanczosQuadrature } from "flatward";
 * import { matrixOperator, quadratureTrace } from "flatward/linalg";
 * const quadrature = stochasticLanczosQuadrature(matrixOperator([[4, 0], [0, 1]]), { probes: 4 });
 * console.log(quadratureTrace(quadrature, Math.sqrt).value.toFixed(4)); // → 3.0000
 */
export function quadratureTrace(
  quadrature: LanczosQuadrature,
  f: (eigenvalue: number) => number,
): SampleMean {
  return inFunction("quadratureTrace", () => {
    requireQuadrature(quadrature);
    requireFunction("f", f);
    const { nodes, size } = quadrature;
    const values = nodes.map((node) => size * requireFiniteValue(`f(${node})`, f(node)));
    return meanOverProbes(quadrature, values);
  });
}

/**
 * tr(A^p)/n for p = 0 … highest.
 * @param highest ≥ 0 @throws ArgumentError, ShapeError, NonFiniteError where a power overflows
 * @example
 * import { stochasticLanczosQuadrature } from "flatward";
 * import { matrixOperator, quadratureMoments } from "flatward/linalg";
 * const quadrature = stochasticLanczosQuadrature(matrixOperator([[4, 0], [0, 1]]), { probes: 4 });
 * const { values } = quadratureMoments(quadrature, 2); // tr I, tr A and tr A² over n = 2
 * console.log(Array.from(values, (each) => each.toFixed(4))); // → [ '1.0000', '2.5000', '8.5000' ]
 */
export function quadratureMoments(quadrature: LanczosQuadrature, highest: number): QuadratureMoments {
  return inFunction("quadratureMoments", () => {
    requireQuadrature(quadrature);
    requireFew("moments", requireInteger("highest", highest, 0) + 1);
    const powers = new Float64Array(quadrature.nodes.length).fill(1);
    const values = new Float64Array(highest + 1);
    const standardErrors = new Float64Array(highest + 1);
    for (let p = 0; p <= highest; p++) {
      const { value, standardError } = meanOverProbes(quadrature, powers);
      values[p] = value;
      standardErrors[p] = standardError;
      for (let i = 0; i < powers.length; i++) powers[i] *= quadrature.nodes[i];
    }
    return { values, standardErrors };
  });
}

/** The mean over probes of Σ_j w_j·values_j. */
export function meanOverProbes(
  { weights, offsets, probes }: LanczosQuadrature,
  values: Float64Array,
): SampleMean {
  const sums = new Float64Array(probes);
  for (let p = 0; p < probes; p++) {
    for (let j = offsets[p]; j < offsets[p + 1]; j++) sums[p] += weights[j] * values[j];
  }
  return sampleMean(sums);
}
