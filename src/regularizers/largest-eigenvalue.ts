import { inMaker } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import type { Network } from "../nn/network.js";
import type { Objective } from "../optim/objective.js";
import { checkStrength, type PenaltyOptions, penalizedObjective } from "../optim/penalized.js";
import { requireOptions } from "../options.js";
import { curvedLossOn } from "./curved-loss.js";
import {
  checkEigenSolver,
  type EigenSolverOptions,
  eigenSolverOptions,
  largestEigenpair,
} from "./largest-eigenpair.js";

export interface LargestEigenvalueOptions extends PenaltyOptions, EigenSolverOptions {}

/**
 * loss + strength · λ_max of the loss Hessian, on a batch that is checked and laid out once. ∇λ_max = vᵀ(∂H/∂θ)v for the
 * unit eigenvector v, a third derivative of the loss: in closed form for chains of dense layers, by automatic
 * differentiation for every other network. Dropout stays off.
 *
 * λ_max has no gradient where it is a multiple eigenvalue; what is returned there is vᵀ(∂H/∂θ)v for one v of its
 * eigenspace: an element of Clarke's subdifferential (Overton 1992, SIAM J. Optim. 2), but descending along it may raise
 * another eigenvalue of the cluster. Near such points v turns quickly, and Lanczos' v, and the gradient with it, errs by
 * about tolerance·‖H‖ over the gap.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError, as for a network of the caller's own without `curvatureAt`; ConvergenceError in an evaluation in which no eigenpair
 * was found to the tolerance
 */
export function largestEigenvalueObjective(
  net: Network,
  batch: Batch,
  options: LargestEigenvalueOptions,
): Objective {
  return inMaker("largestEigenvalueObjective", () => {
    requireOptions(options, ["strength", ...eigenSolverOptions], "at least { strength }");
    const strength = checkStrength(options);
    const solver = checkEigenSolver(options);
    const { loss, curvatureAt } = curvedLossOn(net, batch);
    return penalizedObjective(loss, strength, {
      value: (theta) => largestEigenpair(curvatureAt(theta), solver, false).value,
      valueAndGradient(theta) {
        const curvature = curvatureAt(theta);
        const { value, vector } = largestEigenpair(curvature, solver, true);
        return { value, gradient: curvature.gradientAlong(vector) };
      },
    });
  });
}
