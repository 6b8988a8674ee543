import {
  type LanczosResult,
  type LinearOperator,
  type SpectralMoments,
  spectralMoments,
  stochasticLanczosQuadrature,
  wsBounds,
} from "flatward";
import { quadratureTrace } from "flatward/linalg";
import { matmul, type Tensor, transpose } from "flatward/tensor";
import { hasMoments } from "../network/make.js";
import { type Estimate, exact, type MeasuredNetwork } from "./measured-network.js";

/** Sums over the eigenvalues, and what follows from them. */
export interface SpectralSums {
  /** tr H. */
  readonly trace: Estimate;
  /** ‖H‖_F. */
  readonly frobenius: Estimate;
  /** Wolkowicz and Styan's bound on λ_max, from these sums. */
  readonly upperBound: Estimate;
  /** (Σλ₊)²/(n Σλ₊²), over the positive eigenvalues: 1 for a multiple of the identity. */
  readonly participation: Estimate;
}

/** Random vectors of the quadrature, and its steps for each. */
const QUADRATURE = { probes: 6, steps: 10 };

/**
 * Exactly from all eigenvalues, or from the closed forms, where the network has them. Elsewhere the eigenvalues at the
 * upper end are summed, and stochastic Lanczos quadrature estimates what the others add, which varies far less than the
 * whole would.
 */
export function spectralSumsOf(network: MeasuredNetwork): SpectralSums {
  const { net, theta, sample, whole, hessian, top } = network;
  if (whole) return sumsOf(net.size, (f) => exact(network.eigenvalues.reduce((sum, t) => sum + f(t), 0)));
  const rest = stochasticLanczosQuadrature(complementOf(hessian, top), QUADRATURE);
  const sums = sumsOf(net.size, (f) => {
    const { value, standardError } = quadratureTrace(rest, f);
    return { value: top.values.reduce((sum, t) => sum + f(t), value), error: standardError };
  });
  if (!hasMoments(net)) return sums;
  const { trace, frobeniusSquared } = spectralMoments(net, theta, sample);
  return { ...sums, trace: exact(trace), frobenius: exact(Math.sqrt(frobeniusSquared)) };
}

/** @param sum Σ f(λ) over the eigenvalues; f(0) = 0 */
function sumsOf(size: number, sum: (f: (eigenvalue: number) => number) => Estimate): SpectralSums {
  const positive = (t: number): number => Math.max(t, 0);
  const square = (t: number): number => t * t;
  const squares = sum(square);
  const norm = Math.sqrt(squares.value);
  const trace = sum((t) => t);
  const a = sum(positive).value;
  const b = sum((t) => square(positive(t))).value;
  const participation = b > 0 ? (a * a) / (size * b) : Number.NaN;
  // To first order in the errors of both sums, the relative error is that of a sum of its own.
  const relative = sum((t) => (2 * positive(t)) / a - square(positive(t)) / b).error;
  return {
    trace,
    frobenius: { value: norm, error: norm > 0 ? squares.error / (2 * norm) : 0 },
    upperBound: upperBoundFrom({ size, trace: trace.value, frobeniusSquared: squares.value }, sum),
    participation: { value: participation, error: participation * relative },
  };
}

/** m + s√(n−1). Its error, to first order, is that of the sum that its derivatives weigh. */
function upperBoundFrom(
  moments: SpectralMoments,
  sum: (f: (eigenvalue: number) => number) => Estimate,
): Estimate {
  const { size, trace, frobeniusSquared } = moments;
  const mean = trace / size;
  const deviation = Math.sqrt(Math.max(frobeniusSquared / size - mean * mean, 0));
  const slope = deviation > 0 ? Math.sqrt(size - 1) / (deviation * size) : 0;
  return {
    value: wsBounds(moments).largest.upper,
    error: sum((t) => t / size + slope * t * (t / 2 - mean)).error,
  };
}

/** A on the complement of known eigenvectors, and 0 on their span. */
function complementOf(operator: LinearOperator, { vectors }: LanczosResult): LinearOperator {
  const across = transpose(vectors);
  const project = (v: Float64Array): Float64Array => {
    const column: Tensor = { data: v, shape: [v.length, 1], stride: [1, 1], offset: 0 };
    const { data: inside } = matmul(vectors, matmul(across, column));
    return v.map((entry, i) => entry - inside[i]);
  };
  return {
    size: operator.size,
    apply(v, out) {
      operator.apply(project(v), out);
      out.set(project(out));
    },
  };
}
