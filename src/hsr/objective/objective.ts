import { inMaker } from "../../errors.js";
import { factoredLossOn } from "../../hessian/factored.js";
import { type Batch, prepareSamples, requireBatch } from "../../nn/batch.js";
import type { Network } from "../../nn/network.js";
import { steppedObjective } from "../../nn/stepped-objective.js";
import { asObjective, type Objective, withoutCopies } from "../../optim/objective.js";
import type { PenalizedLoss, Penalty } from "../../optim/penalized.js";
import { randomStream } from "../../random.js";
import { estimatedObjective } from "../estimates/objective.js";
import { upperBoundStatistic } from "../estimates/statistics.js";
import { refuseSingleSamples } from "../sampling/sampling.js";
import { addedForm, alternatingForm, type BoundEffect, clippedForm, unitDirectionForm } from "./forms.js";
import { heldPenalty } from "./held-penalty.js";
import { checkHsrOptions, type HsrOptions } from "./hsr-options.js";
import { type SettledHsrOptions, settled } from "./hsr-settings.js";
import { sampledBoundPenalty } from "./sampled-bound.js";
import { createMemory, type HsrMemory } from "./step-state.js";
import { targetedStrength } from "./targeted-strength.js";

/** HSR, and what it did. */
export interface HsrObjective extends Objective {
  /** Of the gradient that was evaluated last, where it is clipped; undefined before the first, and without a clip. */
  effect(): BoundEffect | undefined;
}

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
 * The paper speaks of a "steepest descent direction"; its full text, which may say how that is scaled, was not at hand. The last
 * two forms are our reading of it.
 * By default a step takes about two gradients, as SAM's, or less. ∇B is computed in steps 0, k, 2k, … with k = `every`, and
 * held in between: B is then its tangent there, whose gradient that is. It is computed from about `samples` of the step's
 * samples, drawn by their curvature and weighted by the inverse of their probability; and its part of a gradient is cut to
 * `clip` lengths of ∇L. `every: 1, samples: "all"` is the bound itself at every theta. `hsrSettings` tells the defaults.
 *
 * With a `targetSharpness` the weight of B needs no tuning: it rises while B is above the target, and falls while it is below;
 * `effect()` tells what it is, and what share of ∇L the bound's part has.
 *
 * With `batchSize` every step has a mini-batch; `estimator: "unbiased"` follows the bound of all samples there: B's
 * derivatives by tr H, (tr H)² and tr H² are taken at a running mean of the moments, to which every ∇B adds its own by a
 * tenth, and multiply the gradients of estimates without bias. docs/reference/regularizers.md.
 *
 * With `method: "estimate"` it takes every network: B and ∇B are estimated from random vectors. Whatever is drawn in a step
 * depends on the seed and the step alone. What is held, and running means, are the objective's `state`, so that a run of
 * `minimize` goes on to the same bits; steps come one after another. Without `beginStep` every evaluation computes B anew.
 * @param batch all samples
 * @throws ShapeError, LabelError, NonFiniteError; ArgumentError for a negative strength, an unknown form, method or estimator,
 * an option of another form or method, a network without a closed form and no method, or where "unbiased" has a mini-batch
 * of one sample or a network of one parameter; in `beginStep` for a step that does not follow
 * @example
 * import { hsrObjective, lossAndGradient, minimize, sequential, sgd, threeLayerNet, wsUpperBoundAndGradient } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const [plain, flat] = [0, 0.1].map((strength) => {
 *   const objective = hsrObjective(net, batch, { strength });
 *   const { theta } = minimize(objective, net.init(7), sgd({ learningRate: 0.5 }), { steps: 1000 });
 *   return wsUpperBoundAndGradient(net, theta, batch).value;
 * });
 * console.log(plain.toFixed(3), flat.toFixed(3)); // → 0.025 0.012
 * const exact = hsrObjective(net, batch, { strength: 0.1, every: 1, samples: "all" });
 * const { value } = wsUpperBoundAndGradient(net, net.init(7), batch);
 * console.log(Math.abs(exact.value(net.init(7)) - lossAndGradient(net, net.init(7), batch).loss - 0.1 * value) < 1e-15); // → true
 * const held = hsrObjective(net, batch, { targetSharpness: 0.02 });
 * const run = minimize(held, net.init(7), sgd({ learningRate: 0.5 }), { steps: 1000 });
 * console.log(wsUpperBoundAndGradient(net, run.theta, batch).value < 0.02, held.effect().share <= 1); // → true true
 * const dense = { kind: "dense", outputs: 2 };
 * const layers = sequential({ input: 2, layers: [dense, { kind: "batchNorm" }, { kind: "tanh" }, dense] });
 * const objective = hsrObjective(layers, batch, { strength: 0.1, method: "estimate", samples: 4 });
 * const estimated = minimize(objective, layers.init(1), sgd({ learningRate: 0.3 }), { steps: 10 });
 * console.log(estimated.status, estimated.steps); // → max-iterations 10
 */
export function hsrObjective(net: Network, batch: Batch, options: HsrOptions): HsrObjective {
  const made = inMaker("hsrObjective", () => {
    const checked = checkHsrOptions(net, options);
    requireBatch(batch);
    const { count } = prepareSamples(net, batch);
    const complete = settled(net, count, checked);
    const { form, period, every, batchSize, seed, bound } = complete;
    const unbiased = bound.method === "closed-form" && bound.estimator === "unbiased";
    if (unbiased) refuseSingleSamples(count, batchSize);

    const schedule = form === "alternating" ? { period, turn: period - 1 } : { period: every, turn: 0 };
    const memory = createMemory(net.size, { ...schedule, holds: every > 1 }, unbiased);
    const { strength, targetSharpness: target } = complete;
    const targeted =
      target === undefined ? undefined : targetedStrength(memory, { target, limit: strength, every });
    const draws = bound.method === "closed-form" && bound.samples !== "all";
    const remembers = every > 1 || unbiased || draws;
    let effect: BoundEffect | undefined;
    const objective = steppedObjective(
      net,
      batch,
      { count, batchSize, seed, memory: targeted ?? (remembers ? memory : undefined) },
      objectiveOnSamples(net, count, complete, memory, targeted?.of ?? strength, (now) => {
        effect = now;
      }),
    );
    return { ...objective, effect: () => effect };
  });
  return net.closedForm && options.method !== "estimate" ? withoutCopies(made) : made;
}

/** The objective of a step with these samples. */
function objectiveOnSamples(
  net: Network,
  population: number,
  { strength, clip, form, scaling, period, every, seed, bound }: SettledHsrOptions,
  memory: HsrMemory,
  weight: Parameters<typeof clippedForm>[2],
  told: (effect: BoundEffect) => void,
): (part: Batch) => Objective {
  const combine = (loss: PenalizedLoss, penalty: Penalty): Objective => {
    const held = every > 1 ? heldPenalty(penalty, memory) : penalty;
    switch (form) {
      case "added":
        return clip === "none"
          ? addedForm(loss, held, strength)
          : clippedForm(loss, held, weight, clip, told);
      case "unit-direction":
        return unitDirectionForm(loss, held, strength, scaling);
      case "alternating":
        return alternatingForm(loss, held, strength, period);
    }
  };
  if (bound.method === "estimate")
    return (part) => estimatedObjective(net, part, { ...bound, seed }, upperBoundStatistic, combine);
  const stream = randomStream(seed, "curvature samples");
  const draws = () => stream.stream(memory.step);
  const own = net.closedForm ? withoutCopies : asObjective;
  return (part) => {
    const loss = factoredLossOn(net, part, true);
    return own(combine(loss, sampledBoundPenalty(loss, { ...bound, population, draws, memory })));
  };
}
