import { inFunction, requireFew, requireInteger } from "../../errors.js";
import { optionsOf } from "../../options.js";
import { randomStream } from "../../random.js";
import { powerOfTwoNear } from "../../tensor/power-of-two.js";
import { tridiagonalQL } from "../dense/tridiagonal-ql.js";
import { createKrylov, expandKrylov, type Krylov, ROUNDING, startKrylov } from "../krylov/krylov.js";
import { productsOf } from "../krylov/products.js";
import { type LinearOperator, requireOperator } from "../operator.js";
import type { IterationReport } from "../result.js";
import { fillSigns } from "../vectors.js";

/** How many random vectors and Lanczos steps a quadrature takes. */
export interface LanczosQuadratureOptions {
  /** Random vectors, ≥ 2. Default 10. */
  readonly probes?: number | undefined;
  /** Lanczos steps for each, ≥ 1; more than n are n. Default 30. */
  readonly steps?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

/** Gauss quadratures of the spectral measures of random unit vectors, one after another. */
export interface LanczosQuadrature extends IterationReport {
  /** n. */
  readonly size: number;
  readonly probes: number;
  /** Ritz values, ascending within each probe. */
  readonly nodes: Float64Array;
  /** The weight of each node: the squared first component of its Ritz vector. They sum to 1 for each probe. */
  readonly weights: Float64Array;
  /** (probes + 1): the nodes of probe p are offsets[p] … offsets[p + 1] − 1. */
  readonly offsets: Int32Array;
}

/**
 * Stochastic Lanczos quadrature: for vectors z of random signs, zᵀf(A)z/n = Σ_j w_j f(θ_j), exactly for polynomials f of
 * degree up to 2·steps − 1, and for every f once the Krylov space of z closes; its mean over z is tr f(A)/n. The basis is
 * kept orthogonal, so that no node is a copy of another.
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Golub & Welsch 1969; Ubaru, Chen & Saad 2017.
 * @example
 * import { productOperator, stochasticLanczosQuadrature } from "flatward";
 * const diagonal = [1, 10, 100];
 * const operator = productOperator(3, (v) => v.map((entry, i) => diagonal[i] * entry));
 * const { size, probes, nodes, weights } = stochasticLanczosQuadrature(operator);
 * const sum = nodes.reduce((total, node, j) => total + weights[j] * Math.log10(node), 0);
 * console.log("log₁₀ det:", ((size * sum) / probes).toFixed(6)); // → log₁₀ det: 3.000000
 */
export function stochasticLanczosQuadrature(
  operator: LinearOperator,
  options: LanczosQuadratureOptions = {},
): LanczosQuadrature {
  return inFunction("stochasticLanczosQuadrature", () => {
    requireOperator("operator", operator);
    const { probes = 10, steps = 30, seed = 0 } = optionsOf(options, ["probes", "steps", "seed"]);
    requireInteger("probes", probes, 2, "one probe has no standard error");
    requireInteger("steps", steps, 1);
    requireInteger("seed", seed, 0);

    const { size } = operator;
    const most = Math.min(steps, size);
    requireFew("nodes", probes * most);
    const products = productsOf(operator);
    const stream = randomStream(seed, "stochasticLanczosQuadrature");
    const krylov = createKrylov(size, most);
    const couplings = new Float64Array(most);
    const nodes = new Float64Array(probes * most);
    const weights = new Float64Array(probes * most);
    const offsets = new Int32Array(probes + 1);
    let allClosed = true;
    for (let p = 0; p < probes; p++) {
      fillSigns(krylov.rows[0], stream);
      startKrylov(krylov, []);
      let closed = false;
      while (!closed && krylov.dimension < most) {
        if (!expandKrylov(krylov, products, [])) throw products.failure;
        couplings[krylov.dimension - 1] = krylov.coupling;
        closed = krylov.dimension === size || krylov.coupling <= ROUNDING * products.largest;
      }
      allClosed &&= closed;
      offsets[p + 1] = offsets[p] + krylov.dimension;
      const range = [offsets[p], offsets[p + 1]] as const;
      gaussQuadrature(krylov, couplings, nodes.subarray(...range), weights.subarray(...range));
    }
    const total = offsets[probes];
    return {
      size,
      probes,
      nodes: nodes.slice(0, total),
      weights: weights.slice(0, total),
      offsets,
      iterations: products.count,
      products: products.count,
      status: allClosed ? "invariant-subspace" : "converged",
    };
  });
}

/** Nodes and weights from the tridiagonal matrix: its eigenvalues, and their vectors' squared first components. */
function gaussQuadrature(
  { projected, capacity, dimension: m }: Krylov,
  couplings: Float64Array,
  nodes: Float64Array,
  weights: Float64Array,
): void {
  const diagonal = new Float64Array(m);
  const offDiagonal = new Float64Array(m);
  let largest = 0;
  for (let i = 0; i < m; i++) {
    diagonal[i] = projected[i * capacity + i];
    if (i > 0) offDiagonal[i] = couplings[i - 1];
    largest = Math.max(largest, Math.abs(diagonal[i]), offDiagonal[i]);
  }
  const scale = powerOfTwoNear(largest);
  for (let i = 0; i < m; i++) {
    diagonal[i] /= scale;
    offDiagonal[i] /= scale;
  }
  // Of the identity the first row is enough: the rotations make it the first components.
  const first = new Float64Array(m);
  first[0] = 1;
  tridiagonalQL(diagonal, offDiagonal, first);
  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[i] - diagonal[j]);
  order.forEach((i, at) => {
    nodes[at] = scale * diagonal[i];
    weights[at] = first[i] * first[i];
  });
}
