import type { ResidualUnit, SplitMoments } from "../bounds/facts.js";
import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { inFunction } from "../errors.js";
import { curvatureFactors, type SampleRows } from "../hessian/factors.js";
import { createFeature, type Slab, streamKhatriRao } from "../hessian/khatri-rao.js";
import { diagonalPosition } from "../hessian/packed.js";
import type { Batch } from "../nn/batch.js";
import type { FinishedHiddenPass } from "../nn/dense/one-hidden-layer.js";
import { hiddenEvaluationAt, outputWeights } from "../nn/dense/one-hidden-layer.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import { checkRoute, contract, type Route, type RouteOptions } from "./contract.js";
import { checkMoments, hessianTrace, squaredRowNorm } from "./moments.js";
import { createTerms, type MomentTerms } from "./terms.js";

/**
 * The moments of the Gauss–Newton and the residual part of the loss Hessian in closed form; no matrix is formed, and
 * nothing is got by subtraction, so that tr R² and tr GR keep their relative accuracy as residuals vanish.
 *
 *   tr G² = ‖Σ ω S⊗ã⊗ã‖² + ‖Σ ω M⊗x̃⊗x̃‖² + 2‖Σ ω Q⊗ã⊗x̃‖², with M = D W2ᵀ S W2 D
 *   tr R² = ‖Σ ω e⊗x̃⊗x̃‖² + 2‖Σ ω E⊗x̃‖², with E = r dᵀ
 *   tr GR = ⟨Σ ω diag(M)⊗x̃⊗x̃, Σ ω e⊗x̃⊗x̃⟩ + 2⟨Σ ω P⊗x̃, Σ ω E⊗x̃⟩, with P = Q diag a
 *
 * @param options `route` is that of tr G²; the rest is streamed
 * @param theta (n) @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route
 */
export function splitMoments(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: RouteOptions = {},
): SplitMoments {
  return inFunction("splitMoments", () => {
    const route = checkRoute(optionsOf(options, ["route"]).route);
    return evaluateSplitMoments(hiddenEvaluationAt(net, theta, batch), route);
  });
}

/** The same for a finished forward pass. */
export function evaluateSplitMoments(finished: FinishedHiddenPass, route: Route): SplitMoments {
  const { net, batch } = finished;
  const { count, inputs, weights } = batch;
  const terms = createTerms(finished, false);
  curvatureFactors(finished, terms.factors, "gauss-newton");

  // Without residuals, what `scaled` takes away from tr H² `withResidual` adds again.
  const list = terms.list.filter(({ f }) => f !== terms.scaled && f !== terms.withResidual);
  const gaussNewton: SpectralMoments = {
    size: net.size,
    trace: hessianTrace(finished, terms),
    frobeniusSquared: contract(finished, { ...terms, list }, route, false),
  };

  const hidden = hiddenPairs(finished, terms);
  const mixed = mixedPairs(finished, terms);
  const outer = createSums(net.hidden);
  const inner = createSums(net.hidden);
  streamKhatriRao(mixed, createFeature(inputs, undefined, 1), weights, (slab) => addPair(slab, outer));
  streamKhatriRao(hidden, createFeature(inputs, inputs, Math.SQRT2), weights, (slab) => addPair(slab, inner));

  const traces = new Float64Array(net.hidden);
  for (let i = 0; i < count; i++) {
    const weight = weights[i] * squaredRowNorm(inputs, i);
    const row = i * hidden.width + net.hidden;
    for (let m = 0; m < net.hidden; m++) traces[m] += weight * hidden.data[row + m];
  }
  const residualUnits = Array.from(
    traces,
    (trace, m): ResidualUnit => ({
      incoming: { size: inputs.shape[1], trace, frobeniusSquared: inner.squares[m] },
      mixedSquared: outer.squares[m],
    }),
  );
  const residual: SpectralMoments = {
    size: net.size,
    trace: total(traces),
    frobeniusSquared: total(inner.squares) + 2 * total(outer.squares),
  };
  const cross = inner.cross + 2 * outer.cross;
  checkMoments(gaussNewton);
  checkMoments({ ...residual, trace: residual.trace + cross });
  return { gaussNewton, residual, cross, residualUnits };
}

interface PairSums {
  cross: number;
  /** ‖R‖² by hidden unit. */
  readonly squares: Float64Array;
}

const createSums = (hidden: number): PairSums => ({ cross: 0, squares: new Float64Array(hidden) });

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Rows [diag M | e] of 2h entries. */
function hiddenPairs({ net, theta, pass }: FinishedHiddenPass, { factors }: MomentTerms): SampleRows {
  const { hidden: h, outputs: K } = net;
  const w = outputWeights(net, theta);
  const count = pass.logits.shape[0];
  const data = new Float64Array(count * 2 * h);
  for (let i = 0; i < count; i++) {
    for (let m = 0; m < h; m++) {
      let backpropagated = 0;
      for (let k = 0; k < K; k++) backpropagated += w.data[w.offset + k * h + m] * pass.residuals[i * K + k];
      data[i * 2 * h + m] = factors.hidden.data[i * factors.hidden.width + diagonalPosition(m, h)];
      data[i * 2 * h + h + m] = pass.second[i * h + m] * backpropagated;
    }
  }
  return { width: 2 * h, data };
}

/** Rows [P | E] of 2Kh entries. */
function mixedPairs({ net, pass }: FinishedHiddenPass, { factors }: MomentTerms): SampleRows {
  const { hidden: h, outputs: K } = net;
  const { data: a, stride } = pass.activations;
  const count = pass.logits.shape[0];
  const half = K * h;
  const data = new Float64Array(count * 2 * half);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < K; k++) {
      for (let m = 0; m < h; m++) {
        const at = i * 2 * half + k * h + m;
        data[at] = factors.mixed.data[i * half + k * h + m] * a[i * stride[0] + m];
        data[at + half] = pass.residuals[i * K + k] * pass.first[i * h + m];
      }
    }
  }
  return { width: 2 * half, data };
}

/** From a slab whose upper half of rows is G's and lower half R's, with units running fastest: adds ⟨G, R⟩ and ‖R‖². */
function addPair({ values }: Slab, sums: PairSums): void {
  const [rows, size] = values.shape;
  const half = (rows / 2) * size;
  const hidden = sums.squares.length;
  for (let row = 0, at = 0; row < rows / 2; row++) {
    const unit = row % hidden;
    for (let s = 0; s < size; s++, at++) {
      const residual = values.data[half + at];
      sums.cross += values.data[at] * residual;
      sums.squares[unit] += residual * residual;
    }
  }
}
