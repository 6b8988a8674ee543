import type { Products } from "../../linalg/krylov/products.js";
import { fillSigns } from "../../linalg/vectors.js";
import type { CurvatureForm } from "../../nn/network.js";
import type { RandomStream } from "../../random.js";
import { addScaled } from "../../tensor/elementwise.js";
import { dot, norm } from "../../tensor/reduce.js";

/**
 * What one product each tells of H for vectors z of random signs, the probes: independent samples with the means tr H and
 * tr H² (Hutchinson 1990, for H and for H²).
 */
export interface ProbeTerms {
  /** zᵀHz, one a probe. */
  readonly traces: Float64Array;
  /** ‖Hz‖², one a probe. By Cauchy and Schwarz (zᵀHz)² ≤ n‖Hz‖², also of their means. */
  readonly squares: Float64Array;
}

/** @param stream from its start @throws NonFiniteError */
export function probeTerms(hessian: Products, samples: number, stream: RandomStream): ProbeTerms {
  const traces = new Float64Array(samples);
  const squares = new Float64Array(samples);
  visitProbes(hessian.size, samples, stream, (z, product, i) => {
    const length = hessian.require(z, product);
    traces[i] = dot(z, product);
    squares[i] = length * length;
  });
  return { traces, squares };
}

/** The partial derivatives of a function of the terms: one a probe. */
export interface TermSlopes {
  readonly byTrace: Float64Array;
  readonly bySquare: Float64Array;
}

/**
 * From derivatives by the terms to the gradient by theta (n), for the same probes: one derivative of the form vᵀHw each,
 * since a∇(zᵀHz) + b∇‖Hz‖² = ∇(zᵀHw) at w = a z + 2b Hz, held still. Products are computed again rather than kept, so that
 * memory is that of a few vectors.
 * @param stream from its start, as for the terms
 */
export function termsGradient(
  hessian: Products,
  form: CurvatureForm,
  stream: RandomStream,
  { byTrace, bySquare }: TermSlopes,
): Float64Array {
  const gradient = new Float64Array(hessian.size);
  visitProbes(hessian.size, byTrace.length, stream, (z, w, i) => {
    if (bySquare[i] === 0) w.fill(0);
    else hessian.require(z, w);
    for (let j = 0; j < w.length; j++) w[j] = byTrace[i] * z[j] + 2 * bySquare[i] * w[j];
    if (norm(w) > 0) addScaled(gradient, 1, form(z, w).gradient);
  });
  return gradient;
}

/** @param visit is given a probe, and memory of its own of the same size */
function visitProbes(
  size: number,
  samples: number,
  stream: RandomStream,
  visit: (z: Float64Array, memory: Float64Array, i: number) => void,
): void {
  const z = new Float64Array(size);
  const memory = new Float64Array(size);
  for (let i = 0; i < samples; i++) {
    fillSigns(z, stream);
    visit(z, memory, i);
  }
}
