import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { inMaker, requireFinite, requireVector } from "../errors.js";
import { createAssembly } from "../hessian/exact.js";
import { type FactoredLoss, factoredLossOn } from "../hessian/factored.js";
import { eigenvaluesInto } from "../linalg/dense/eigh.js";
import type { Batch } from "../nn/batch.js";
import { checkParameters } from "../nn/layout.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import { matrixView, type Tensor } from "../tensor/view.js";
import { type Contraction, createContraction } from "./contraction/contraction.js";
import { checkRoute, type RouteOptions } from "./contraction/route.js";
import { evaluateMoments, withDeviation } from "./moments.js";
import { upperBoundAt } from "./upper-bound.js";

/**
 * The curvature of one network on one batch, at one theta after another. Arrays named `out` and `gradient` are the caller's
 * and are overwritten. What is asked for at the theta of the call before shares its work.
 */
export interface PreparedCurvature {
  /** n. */
  readonly size: number;
  /** The loss. @param theta (n) @throws ShapeError, NonFiniteError, as do all others */
  loss(theta: Float64Array): number;
  /** The loss, and its gradient. @param gradient (n) */
  lossAndGradient(theta: Float64Array, gradient: Float64Array): number;
  /** n, tr H and tr H², as `spectralMoments` has them. */
  moments(theta: Float64Array): SpectralMoments;
  /** The Wolkowicz–Styan upper bound on λ_max(H). */
  wsUpperBound(theta: Float64Array): number;
  /** The same bound, as `wsUpperBoundAndGradient` has it, and its gradient. @param gradient (n) */
  wsUpperBoundAndGradient(theta: Float64Array, gradient: Float64Array): number;
  /** H, symmetric to the bit. @param out (n·n), row-major */
  hessian(theta: Float64Array, out: Float64Array): void;
  /** All eigenvalues of H, ascending. @param out (n) @throws ConvergenceError */
  eigenvalues(theta: Float64Array, out: Float64Array): void;
}

/**
 * Checks and lays out a batch once, for curvature at many thetas: a training that is watched, a slider that is moved. The
 * memory for each quantity is made the first time that it is asked for, and used again from then on; results have the
 * bits of the functions that are called once: `lossAndGradient`, `spectralMoments`, `wsUpperBoundAndGradient`,
 * `exactHessian`, `symmetricEigen`.
 *
 * Memory: 8n² bytes for `hessian`'s `out`, which is the caller's, and 16n² for `eigenvalues`.
 * @throws ShapeError, LabelError, NonFiniteError; ArgumentError for an unknown route, or a network without a closed form,
 * for which `lossObjective`, `exactHessian` and the estimates are there
 * @example
 * import { prepareCurvature, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const curvature = prepareCurvature(net, batch);
 * const theta = net.init(7);
 * const gradient = new Float64Array(net.size);
 * const values = new Float64Array(net.size);
 * const before = curvature.wsUpperBoundAndGradient(theta, gradient);
 * for (let i = 0; i < net.size; i++) theta[i] -= 0.1 * gradient[i];
 * curvature.eigenvalues(theta, values);
 * const { trace } = curvature.moments(theta);
 * console.log(Math.abs(trace - values.reduce((sum, value) => sum + value)) < 1e-14); // → true
 * console.log(values[net.size - 1] <= curvature.wsUpperBound(theta), curvature.wsUpperBound(theta) < before); // → true true
 */
export function prepareCurvature(net: Network, batch: Batch, options: RouteOptions = {}): PreparedCurvature {
  return inMaker("prepareCurvature", () => {
    const route = checkRoute(optionsOf(options, ["route"]).route);
    const loss = factoredLossOn(net, batch, true);
    const { size } = loss;
    const place = createPlace(net, loss);
    const assembly = once(() => createAssembly(loss));
    const contraction = once(() => createContraction(loss, true));
    const matrix = once(() => matrixView(new Float64Array(size * size), size, size));
    /** At which theta the contraction and the matrix are, by the number of the move there. */
    const moved = { contraction: 0, matrix: 0 };

    const contractionAt = (theta: Float64Array): Contraction => {
      place.moveTo(theta);
      if (moved.contraction !== place.moves) contraction().renew();
      moved.contraction = place.moves;
      return contraction();
    };
    const momentsAt = (theta: Float64Array) => {
      const at = contractionAt(theta);
      return withDeviation(evaluateMoments(at, route, false), at);
    };
    const matrixAt = (theta: Float64Array): Tensor => {
      place.moveTo(theta);
      if (moved.matrix !== place.moves) fill(matrix());
      moved.matrix = place.moves;
      return matrix();
    };
    const fill = (to: Tensor) => {
      assembly()(to, "hessian");
      requireFinite("the Hessian", to.data);
    };

    return {
      size,
      loss: (theta) => place.moveTo(theta),
      lossAndGradient(theta, gradient) {
        requireVector("gradient", size, gradient);
        const value = place.moveTo(theta);
        gradient.set(loss.gradient());
        return value;
      },
      moments: momentsAt,
      wsUpperBound: (theta) => upperBoundAt(contractionAt(theta), route, false).value,
      wsUpperBoundAndGradient(theta, gradient) {
        requireVector("gradient", size, gradient);
        const at = contractionAt(theta);
        const slopes = upperBoundAt(at, route, true);
        at.pullBack(slopes, gradient);
        requireFinite("the bound's gradient", gradient);
        return slopes.value;
      },
      hessian(theta, out) {
        requireVector("out", size * size, out);
        place.moveTo(theta);
        if (moved.matrix === place.moves) out.set(matrix().data);
        else fill(matrixView(out, size, size));
      },
      eigenvalues(theta, out) {
        requireVector("out", size, out);
        eigenvaluesInto(matrixAt(theta), out);
      },
    };
  });
}

/** Where the loss was evaluated last: it is evaluated anew where theta has other entries. */
function createPlace(net: Network, loss: FactoredLoss) {
  const at = new Float64Array(net.size);
  let value = Number.NaN;
  const place = {
    /** How often there was a new theta. */
    moves: 0,
    /** @returns the loss @throws ShapeError, NonFiniteError */
    moveTo(theta: Float64Array): number {
      checkParameters("theta", net, theta);
      if (!Number.isNaN(value) && isSame(theta, at)) return value;
      value = Number.NaN;
      place.moves++;
      at.set(theta);
      value = loss.value(at);
      return value;
    },
  };
  return place;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** What is made when it is first asked for. */
function once<Made>(make: () => Made): () => Made {
  let made: { readonly of: Made } | undefined;
  return () => {
    made ??= { of: make() };
    return made.of;
  };
}
