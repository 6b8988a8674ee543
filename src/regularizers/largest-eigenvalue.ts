import { inMaker } from "../errors.js";
import { curvatureAlong } from "../hessian/directional-curvature.js";
import type { Batch } from "../nn/batch.js";
import { evaluationOn } from "../nn/dense/evaluation.js";
import type { Network } from "../nn/network.js";
import type { Objective } from "../optim/objective.js";
import { checkStrength, type PenaltyOptions, penalizedObjective } from "../optim/penalized.js";
import { requireOptions } from "../options.js";
import {
  checkEigenSolver,
  type EigenSolverOptions,
  eigenSolverOptions,
  largestEigenpair,
} from "./largest-eigenpair.js";

export interface LargestEigenvalueOptions extends PenaltyOptions, EigenSolverOptions {}

/**
 * loss + strength · λ_max of the loss Hessian, on a batch that is checked and laid out once. ∇λ_max = vᵀ(∂H/∂θ)v for the
 * unit eigenvector v, a third derivative of the loss in closed form.
 *
 * λ_max has no gradient where it is a multiple eigenvalue; what is returned there is vᵀ(∂H/∂θ)v for one v of its
 * eigenspace: an element of Clarke's subdifferential (Overton 1992, SIAM J. Optim. 2), but descending along it may raise
 * another eigenvalue of the cluster. Near such points v turns quickly, and Lanczos' v, and the gradient with it, errs by
 * about tolerance·‖H‖ over the gap.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError; ConvergenceError in an evaluation in which no eigenpair
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
    const evaluation = evaluationOn(net, batch);
    return penalizedObjective(evaluation, strength, {
      value: () => largestEigenpair(evaluation, solver, false).value,
      valueAndGradient() {
        const { value, vector } = largestEigenpair(evaluation, solver, true);
        return { value, gradient: curvatureAlong(evaluation, vector).gradient };
      },
    });
  });
}
