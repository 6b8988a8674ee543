import { inMaker, requireFinite, requireInteger, requireNumber } from "../errors.js";
import { type Batch, prepareSamples } from "../nn/batch.js";
import { type Evaluation, evaluationOn, requireChain } from "../nn/dense/evaluation.js";
import { type FinishedPass, passOf } from "../nn/dense/forward.js";
import { lossGradient } from "../nn/dense/loss-gradient.js";
import { loss as lossOf } from "../nn/losses.js";
import type { Network } from "../nn/network.js";
import { steppedObjective } from "../nn/stepped-objective.js";
import { type Objective, objectiveOf } from "../optim/objective.js";
import { requireOptions } from "../options.js";
import { randomStream } from "../random.js";
import { addScaled, plusScaled } from "../tensor/elementwise.js";
import { unitVector } from "../tensor/unit.js";

/** How far uphill `esamObjective` looks, and for which samples. */
export interface EsamOptions {
  /** ρ > 0, of the step uphill. */
  readonly radius: number;
  /** γ in (0, 1]: the share of samples whose gradient is taken uphill, those whose loss rises most. Default 0.5. */
  readonly sampleShare?: number | undefined;
  /** β in (0, 1]: every parameter takes part in the step uphill with this probability, 1/β as far. Default 1. */
  readonly parameterShare?: number | undefined;
  /** Samples of a step, in mini-batches as `minibatches` has them. Default: all, in every step. */
  readonly batchSize?: number | undefined;
  /** Seed of the parameters and the samples drawn, an integer ≥ 0. Default 0. */
  readonly seed?: number | undefined;
}

/**
 * Efficient SAM (Du et al. 2022, ICLR, arXiv 2110.03141), to be descended by `sgd` or any other optimizer. The value is the
 * loss L; **the direction is not its gradient**: ∇L at θ + ε of those γN samples whose loss rises most from θ to θ + ε, with
 * ε = ρ ∇L/‖∇L‖. Which parameters take part in ε depends on the seed and the step alone. With both shares 1 steps of `sgd`
 * are those of `sam`, to the bit. Chosen samples keep the sum of all weights, and need no forward pass of their own.
 * @throws ShapeError, LabelError, NonFiniteError; ArgumentError for a share or radius out of range, or a network that is no
 * chain of dense layers
 * @example
 * import { minimize, sgd, threeLayerNet } from "flatward";
 * import { esamObjective } from "flatward/regularizers";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const objective = esamObjective(net, { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] }, { radius: 0.1, sampleShare: 0.75 });
 * console.log(minimize(objective, net.init(7), sgd({ learningRate: 0.5 }), { steps: 1000 }).value < 0.01); // → true
 */
export function esamObjective(net: Network, batch: Batch, options: EsamOptions): Objective {
  return inMaker("esamObjective", () => {
    const names = ["radius", "sampleShare", "parameterShare", "batchSize", "seed"] as const;
    requireOptions(options, names, "at least { radius }");
    const { sampleShare = 0.5, parameterShare = 1, batchSize, seed = 0 } = options;
    const radius = requireNumber("radius", options.radius, { above: 0 });
    requireNumber("sampleShare", sampleShare, { above: 0, atMost: 1 });
    requireNumber("parameterShare", parameterShare, { above: 0, atMost: 1 });
    requireInteger("seed", seed, 0);
    const chain = { closedForm: requireChain(net) };
    const checked = { radius, sampleShare, parameterShare, seed };
    if (batchSize === undefined) return esamOn(chain, batch, checked);
    const { count } = prepareSamples(net, batch);
    return steppedObjective(net, batch, { count, batchSize, seed }, (part) => esamOn(chain, part, checked));
  });
}

/** The objective on the samples of a step. */
function esamOn(
  chain: Pick<Network, "closedForm">,
  batch: Batch,
  {
    radius,
    sampleShare,
    parameterShare,
    seed,
  }: Required<{ readonly [Name in Exclude<keyof EsamOptions, "batchSize">]: number }>,
): Objective {
  const draws = randomStream(seed, "esam");
  const evaluation = evaluationOn(chain, batch, 1);
  const { count } = evaluation.batch;
  const chosen = Math.ceil(sampleShare * count);

  let step = 0;
  /** ∇L with the parameters that take no part left out. */
  const masked = (gradient: Float64Array): Float64Array => {
    if (parameterShare === 1) return gradient;
    const stream = draws.stream(step);
    return gradient.map((slope) => (stream.uniform() < parameterShare ? slope / parameterShare : 0));
  };
  const uphill = (theta: Float64Array, gradient: Float64Array): Float64Array => {
    const unit = unitVector(gradient);
    if (unit === null) return gradient;
    const above = plusScaled(theta, radius, masked(unit));
    if (chosen === count) return evaluation.valueAndGradient(above).gradient;
    const before = sampleLosses(evaluation);
    evaluation.value(above);
    const rises = sampleLosses(evaluation);
    addScaled(rises, -1, before);
    return gradientOf(evaluation, highest(rises, chosen));
  };
  return objectiveOf(
    evaluation.size,
    (theta) => {
      const { value, gradient } = evaluation.valueAndGradient(theta);
      return { value, gradient: uphill(theta, gradient) };
    },
    {
      value: (theta) => evaluation.value(theta),
      ...(parameterShare < 1 && {
        beginStep: (next: number) => {
          step = next;
        },
      }),
    },
  );
}

/** ℓ of every sample (N). */
function sampleLosses({ net, batch: { count, targets }, pass }: FinishedPass): Float64Array {
  const { outputs } = net;
  const { evaluate } = lossOf(net.loss);
  const { logits, means, residuals } = pass;
  const losses = new Float64Array(count);
  for (let i = 0; i < count; i++)
    losses[i] = evaluate(logits.data, targets, i * outputs, outputs, means, residuals);
  return losses;
}

/** Places of the `count` largest numbers, ascending; of equal ones the first. */
function highest(values: Float64Array, count: number): Int32Array {
  // Without a comparison of its own a sort is many times as fast.
  const least = values.slice().sort()[values.length - count];
  let equal = count;
  for (const value of values) if (value > least) equal--;
  const places = new Int32Array(count);
  for (let i = 0, at = 0; at < count; i++) {
    if (values[i] < least || (values[i] === least && equal-- <= 0)) continue;
    places[at++] = i;
  }
  return places;
}

/** The gradient of these samples alone, whose weights then add up to those of all; of all where these weigh nothing. */
function gradientOf(evaluation: Evaluation, samples: Int32Array): Float64Array {
  const { weights } = evaluation.batch;
  const own = new Float64Array(samples.length);
  for (let k = 0; k < own.length; k++) own[k] = weights[samples[k]];
  const chosen = sumOf(own);
  const scale = sumOf(weights) / chosen;
  for (let k = 0; k < own.length; k++) own[k] *= scale;
  const gradient = new Float64Array(evaluation.size);
  lossGradient(chosen > 0 ? passOf(evaluation, samples, own) : evaluation, gradient);
  requireFinite("the gradient", gradient);
  return gradient;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
