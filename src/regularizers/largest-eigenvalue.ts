import { ArgumentError, describe, inMaker, requireInteger } from "../errors.js";
import type { HsrMemory } from "../hsr/objective/step-state.js";
import { drawSystematically } from "../hsr/sampling/sample-draws.js";
import { sampleSizes } from "../hsr/sampling/sample-sizes.js";
import { checkSamples } from "../hsr/sampling/sampling.js";
import type { Batch } from "../nn/batch.js";
import { requireNetwork } from "../nn/batches.js";
import type { Network } from "../nn/network.js";
import type { Objective } from "../optim/objective.js";
import { requireOptions } from "../options.js";
import { type RandomStream, randomStream } from "../random.js";
import { type CurvedLoss, curvedLossOn, type LossCurvature } from "./curved-loss.js";
import { checkHeld, type HeldOptions, heldObjective, heldOptions } from "./held-objective.js";
import {
  checkEigenSolver,
  type Eigenpair,
  type EigenSolverOptions,
  eigenSolverOptions,
  largestEigenpair,
  nearbyEigenpair,
} from "./largest-eigenpair.js";
import { type WarmStart, warmStart } from "./warm-start.js";

/** The penalty's strength, and how λ_max is found. */
export interface LargestEigenvalueOptions extends HeldOptions, EigenSolverOptions {
  /**
   * Of chains of dense layers: about how many samples of a step, ≥ 2, λ_max is computed from; they are drawn by their
   * curvature. Default "all".
   */
  readonly samples?: number | "all" | undefined;
  /**
   * Products H·v, ≥ 1, that an eigenvector gets, in the place of a tolerance: Lanczos steps from the eigenvector of the step
   * that had the last. Default: as many as the solver needs.
   */
  readonly products?: number | undefined;
}

/**
 * loss + strength · λ_max of the loss Hessian, on a batch that is checked and laid out once. ∇λ_max = vᵀ(∂H/∂θ)v for the
 * unit eigenvector v, a third derivative of the loss: in closed form for chains of dense layers, by automatic
 * differentiation for every other network. Dropout stays off.
 *
 * λ_max has no gradient where it is a multiple eigenvalue; what is returned there is vᵀ(∂H/∂θ)v for one v of its
 * eigenspace: an element of Clarke's subdifferential (Overton 1992, SIAM J. Optim. 2), but descending along it may raise
 * another eigenvalue of the cluster. Near such points v turns quickly, and Lanczos' v, and the gradient with it, errs by
 * about tolerance·‖H‖ over the gap.
 *
 * A step can be made cheap, as that of `hsrObjective`, by `every`, `samples`, `batchSize` and `clip`; and by `products`, with
 * which v is what a few products make of the last one, and its Rayleigh quotient, at most λ_max, the penalty. What is held,
 * and v, are then the objective's `state`.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError, as for a network of the caller's own without `curvatureAt`; ConvergenceError in an evaluation in which no eigenpair
 * was found to the tolerance
 * @example
 * import { exactHessian, lossObjective, symmetricEigen, threeLayerNet } from "flatward";
 * import { largestEigenvalueObjective } from "flatward/regularizers";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const objective = largestEigenvalueObjective(net, batch, { strength: 0.1 });
 * const penalty = objective.value(theta) - lossObjective(net, batch).value(theta);
 * console.log((penalty / symmetricEigen(exactHessian(net, theta, batch)).values.at(-1)).toFixed(6)); // → 0.100000
 */
export function largestEigenvalueObjective(
  net: Network,
  batch: Batch,
  options: LargestEigenvalueOptions,
): Objective {
  return inMaker("largestEigenvalueObjective", () => {
    const names = [...heldOptions, ...eigenSolverOptions, "samples", "products"] as const;
    requireOptions(options, names, "at least { strength }");
    const held = checkHeld(options);
    const solver = checkEigenSolver(options);
    const samples = checkSamples(options.samples);
    const { products } = options;
    if (products !== undefined) refuseSolver(requireInteger("products", products, 1), options);
    requireNetwork(net);
    if (samples !== "all" && !net.closedForm) throw noChain(samples);

    let start: WarmStart | undefined;
    const remember = (memory: HsrMemory) => {
      if (products !== undefined) start = warmStart(net.size, memory);
      return start ?? (samples === "all" ? undefined : memory);
    };
    const pairOf = (curvature: LossCurvature, withVector: boolean): Eigenpair =>
      start === undefined
        ? largestEigenpair(curvature, solver, withVector)
        : start.from((before) => nearbyEigenpair(curvature, before, products as number, held.seed));
    return heldObjective(net, batch, held, remember, ({ memory, combine }) => (part) => {
      const { loss, curvatureAt, chain } = curvedLossOn(net, part);
      const drawn =
        samples === "all" || !chain || samples >= chain.finished.batch.count
          ? curvatureAt
          : () => drawnCurvature(chain, samples, randomStream(held.seed, "curvature samples", memory.step));
      return combine(loss, {
        value: (theta) => pairOf(drawn(theta), false).value,
        valueAndGradient(theta) {
          const curvature = drawn(theta);
          const { value, vector } = pairOf(curvature, true);
          return { value, gradient: curvature.gradientAlong(vector) };
        },
      });
    });
  });
}

/** H of samples drawn by their sizes, with the inverse of their probability as a weight. */
function drawnCurvature(
  { finished, curvatureOf }: NonNullable<CurvedLoss["chain"]>,
  samples: number,
  stream: RandomStream,
): LossCurvature {
  const { weights } = finished.batch;
  const drawn = drawSystematically(sampleSizes({ finished, weights }), samples, stream);
  return curvatureOf(
    drawn.samples,
    drawn.scales.map((scale, at) => scale * weights[drawn.samples[at]]),
  );
}

/** @throws ArgumentError for an option that belongs to an eigenpair found to a tolerance */
function refuseSolver(products: number, options: LargestEigenvalueOptions): void {
  for (const name of ["solver", "tolerance", "maxIterations"] as const) {
    if (options[name] === undefined) continue;
    throw new ArgumentError({
      expected: `no ${name} with products: ${products}`,
      got: describe(options[name]),
      next: "so many products are all that is done",
    });
  }
}

function noChain(samples: number): ArgumentError {
  return new ArgumentError({
    expected: `a chain of dense layers with samples: ${samples}`,
    got: "another network",
    next: "leave samples out",
  });
}
