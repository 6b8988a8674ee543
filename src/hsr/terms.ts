import {
  type CurvatureFactors,
  createFactors,
  curvatureFactors,
  type SampleRows,
} from "../hessian/factors.js";
import { createFeature, type Feature } from "../hessian/khatri-rao.js";
import type { FinishedHiddenPass } from "../nn/dense/one-hidden-layer.js";
import type { Tensor } from "../tensor/view.js";

/** Rows with room for the derivative of tr H² by each of their entries. */
export interface DifferentiableRows extends SampleRows {
  readonly adjoint: Float64Array;
}

/**
 * One summand of tr H²: coefficient · ‖Σ_i ω_i f_i ⊗ g_i‖². Both routes evaluate exactly this, and nothing else.
 * Derivatives flow to f always, and to u where it is `activations`.
 */
export interface Term {
  readonly coefficient: number;
  readonly f: DifferentiableRows;
  readonly feature: Feature;
}

/** The sum of `list`'s terms by one route; with `differentiate`, adjoints are added to. */
export type Contraction = (
  list: readonly Term[],
  finished: FinishedHiddenPass,
  terms: MomentTerms,
  differentiate: boolean,
) => number;

/** What tr H² is computed from, for one batch and one theta at a time; buffers are reused. */
export interface MomentTerms {
  readonly factors: CurvatureFactors;
  readonly output: DifferentiableRows;
  readonly hidden: DifferentiableRows;
  readonly mixed: DifferentiableRows;
  /** P = Q diag a, K×h. */
  readonly scaled: DifferentiableRows;
  /** F = P + r dᵀ, K×h. */
  readonly withResidual: DifferentiableRows;
  /** Derivative of tr H² by ã, N × h̃. */
  readonly activationAdjoint: Float64Array;
  readonly list: readonly Term[];
}

/**
 * The five summands of tr H² (Frobenius norms of H's blocks; the mixed block counts twice):
 *
 *   ‖Σ ω S⊗ã⊗ã‖² + ‖Σ ω M⊗x̃⊗x̃‖² + 2 (‖Σ ω Q⊗ã⊗x̃‖² − ‖Σ ω P⊗x̃‖² + ‖Σ ω F⊗x̃‖²)
 *
 * The last two replace, in the mixed block, the rows j = m by those that carry the residual's r_k d_m.
 * @param differentiate whether adjoints are needed; without them they have no memory
 */
export function createTerms(
  { net, batch, pass }: Omit<FinishedHiddenPass, "theta">,
  differentiate: boolean,
): MomentTerms {
  const factors = createFactors(net, batch.count, Math.SQRT2);
  const differentiable = ({ width, data }: SampleRows): DifferentiableRows => ({
    width,
    data,
    adjoint: new Float64Array(differentiate ? data.length : 0),
  });
  const output = differentiable(factors.output);
  const hidden = differentiable(factors.hidden);
  const mixed = differentiable(factors.mixed);
  const like = (rows: SampleRows) =>
    differentiable({ width: rows.width, data: new Float64Array(rows.data.length) });
  const scaled = like(mixed);
  const withResidual = like(mixed);
  const x = batch.inputs;
  const a = pass.activations;
  const feature = (u: Tensor, v?: Tensor): Feature => createFeature(u, v, Math.SQRT2);
  return {
    factors,
    output,
    hidden,
    mixed,
    scaled,
    withResidual,
    activationAdjoint: new Float64Array(differentiate ? a.data.length : 0),
    list: [
      { coefficient: 1, f: output, feature: feature(a, a) },
      { coefficient: 1, f: hidden, feature: feature(x, x) },
      { coefficient: 2, f: mixed, feature: feature(a, x) },
      { coefficient: -2, f: scaled, feature: feature(x) },
      { coefficient: 2, f: withResidual, feature: feature(x) },
    ],
  };
}

/** Fills every row for a finished forward pass, and zeroes the adjoints. */
export function fillTerms(finished: FinishedHiddenPass, terms: MomentTerms): void {
  const { net, pass } = finished;
  const { factors, mixed, scaled, withResidual, activationAdjoint, list } = terms;
  const count = pass.logits.shape[0];
  curvatureFactors(finished, factors);
  const { hidden: h, outputs: K } = net;
  const a = pass.activations;
  for (let i = 0, at = 0; i < count; i++) {
    const row = i * a.stride[0];
    for (let k = 0; k < K; k++) {
      for (let m = 0; m < h; m++, at++) {
        scaled.data[at] = mixed.data[at] * a.data[row + m];
        withResidual.data[at] = scaled.data[at] + factors.residual.data[at];
      }
    }
  }
  for (const { f } of list) f.adjoint.fill(0);
  activationAdjoint.fill(0);
}
