import { ArgumentError, describe, inMaker, requireInteger, requireOneOf } from "../errors.js";
import { factoredLossOn } from "../hessian/factored.js";
import type { Batch } from "../nn/batch.js";
import type { Network } from "../nn/network.js";
import type { Objective } from "../optim/objective.js";
import {
  checkStrength,
  type PenalizedLoss,
  type Penalty,
  type PenaltyOptions,
  penalizedObjective,
} from "../optim/penalized.js";
import { requireOptions } from "../options.js";
import { isEstimated, type MethodOptions, methodOptions } from "./estimates/method.js";
import { estimatedObjective } from "./estimates/objective.js";
import { upperBoundStatistic } from "./estimates/statistics.js";
import { alternatingForm, type DirectionScaling, unitDirectionForm } from "./forms.js";
import { upperBoundPenalty } from "./moment-penalty.js";
import { checkRoute, type RouteOptions } from "./route.js";

/** How the bound enters: as a term of the sum, as a direction of fixed length, or on steps of its own. */
export type HsrForm = "added" | "unit-direction" | "alternating";

export interface HsrOptions extends RouteOptions, MethodOptions, PenaltyOptions {
  /** Weight of the bound, or length of its direction, ≥ 0. 0 is the plain loss, but for the steps of "alternating". */
  readonly strength: number;
  /** Default "added". */
  readonly form?: HsrForm | undefined;
  /** Of "unit-direction" alone: what the direction's length is relative to. Default "none": 1. */
  readonly scaling?: DirectionScaling | undefined;
  /** Of "alternating" alone: every so many steps, ≥ 2, one descends the bound. Default 2. */
  readonly period?: number | undefined;
}

const forms: readonly HsrForm[] = ["added", "unit-direction", "alternating"];
const scalings: readonly DirectionScaling[] = ["none", "loss-gradient"];

/**
 * Hessian Spectral Range regularization: the loss L on a batch that is checked and laid out once, and the WS upper bound
 * B on λ_max of its Hessian (Omae et al., arXiv 2606.28662). In one of three forms:
 *
 * - "added": L + strength · B and its gradient.
 * - "unit-direction": follows ∇L + strength · ∇B/‖∇B‖, or with `scaling: "loss-gradient"` ∇L + strength · ‖∇L‖ ∇B/‖∇B‖.
 *   The value is L; **the direction is not its gradient**, nor in general that of any function.
 * - "alternating": steps period − 1, 2·period − 1, … descend strength · B, all others L; value and gradient of a step are
 *   those of the function it descends. Which one that is depends on the step alone.
 *
 * The paper speaks of a "steepest descent direction"; how it scales it could not be read. The last two forms are our
 * readings of it.
 * With `method: "estimate"` it takes every network: B and ∇B are estimated from `samples` random vectors (default 10)
 * that are drawn anew every step, from the seed and the step alone, so that a run resumes to the bit.
 * @throws ShapeError, LabelError, NonFiniteError; ArgumentError for a negative strength, an unknown form or method, an
 * option of another form or method, or a network without a closed form and no method
 * @example
 * import { hsrObjective, minimize, sequential, sgd, threeLayerNet, wsUpperBoundAndGradient } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const [plain, flat] = [0, 0.1].map((strength) => {
 *   const objective = hsrObjective(net, batch, { strength });
 *   const { theta } = minimize(objective, net.init(7), sgd({ learningRate: 0.5 }), { steps: 1000 });
 *   return wsUpperBoundAndGradient(net, theta, batch).value;
 * });
 * console.log(plain.toFixed(3), flat.toFixed(3)); // → 0.025 0.013
 * const dense = { kind: "dense", outputs: 2 };
 * const layers = sequential({ input: 2, layers: [dense, { kind: "batchNorm" }, { kind: "tanh" }, dense] });
 * const objective = hsrObjective(layers, batch, { strength: 0.1, method: "estimate", samples: 4 });
 * const run = minimize(objective, layers.init(1), sgd({ learningRate: 0.3 }), { steps: 10 });
 * console.log(run.status, run.steps); // → max-iterations 10
 */
export function hsrObjective(net: Network, batch: Batch, options: HsrOptions): Objective {
  return inMaker("hsrObjective", () => {
    requireOptions(
      options,
      ["strength", "route", "form", "scaling", "period", ...methodOptions],
      "at least { strength }",
    );
    const strength = checkStrength(options);
    const route = checkRoute(options.route);
    const { form = "added", scaling = "none", period = 2 } = options;
    requireOneOf("form", form, forms);
    refuseForeign("scaling", options.scaling, form, "unit-direction");
    refuseForeign("period", options.period, form, "alternating");
    requireOneOf("scaling", scaling, scalings);
    requireInteger("period", period, 2, "1 would leave the loss no step");

    const combine = (loss: PenalizedLoss, bound: Penalty): Objective => {
      switch (form) {
        case "added":
          return penalizedObjective(loss, strength, bound);
        case "unit-direction":
          return unitDirectionForm(loss, bound, strength, scaling);
        case "alternating":
          return alternatingForm(loss, bound, strength, period);
      }
    };
    if (isEstimated(net, options, "hsrObjective(net, batch, { strength,"))
      return estimatedObjective(net, batch, options, upperBoundStatistic, combine);
    const loss = factoredLossOn(net, batch);
    return combine(loss, upperBoundPenalty(loss, route));
  });
}

function refuseForeign(name: string, option: unknown, form: HsrForm, owner: HsrForm): void {
  if (option === undefined || form === owner) return;
  throw new ArgumentError({
    expected: `no ${name} with form "${form}"`,
    got: describe(option),
    next: `it belongs to form: "${owner}"`,
  });
}
