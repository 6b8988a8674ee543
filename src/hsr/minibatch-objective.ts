import {
  ArgumentError,
  inMaker,
  requireFinite,
  requireInteger,
  requireNumber,
  requireObject,
} from "../errors.js";
import { type FactoredLoss, factoredLossOn } from "../hessian/factored.js";
import { type Batch, prepareSamples, requireBatch, selectSamples } from "../nn/batch.js";
import type { Network } from "../nn/network.js";
import { type MinibatchOptions, minibatches } from "../optim/minibatches.js";
import { type Objective, objectiveOf } from "../optim/objective.js";
import { checkStrength, type PenaltyOptions } from "../optim/penalized.js";
import { requireOptions } from "../options.js";
import { plusScaled } from "../tensor/elementwise.js";
import { type Contraction, createContraction } from "./contraction.js";
import {
  evaluateSampledMoments,
  type SampledEvaluation,
  type SampledMoments,
  type SampledSlopes,
  sampledBoundSlopes,
  sampledGradient,
} from "./sampled-moments.js";
import { unbiasedScales } from "./sampling.js";

/** What a step leaves of the running mean. */
const DECAY = 0.9;

/** Running means of the moments of all mini-batches before a step: what a run needs to go on from there. */
export interface RunningMoments extends Pick<SampledMoments, "trace" | "traceSquared" | "frobeniusSquared"> {
  readonly step: number;
}

export interface MinibatchHsrOptions extends PenaltyOptions, Omit<MinibatchOptions, "count"> {
  /** Of the run that this one goes on from. Default: none, for a run from step 0. */
  readonly running?: RunningMoments | undefined;
}

/** HSR on mini-batches, with the memory that it has beside theta and the optimizer's state. */
export interface MinibatchHsrObjective extends Objective {
  /** Before the step begun last; undefined before step 0. */
  readonly running: RunningMoments | undefined;
  beginStep(step: number): void;
}

/**
 * Hessian Spectral Range regularization on the mini-batches of `minibatchObjective`, but for the bound of all samples: with
 * the unbiased estimates of `spectralMoments`, where `hsrObjective` in a `minibatchObjective` descends the bounds of its
 * batches, whose tr H² is too large. B's derivatives by tr H, (tr H)² and tr H² are taken at a running mean of the
 * moments, to which each step adds its own by a tenth; the direction is the batch's ∇L + strength times these derivatives
 * times the gradients of the batch's estimates. The value is L + strength · B of the running mean; **the direction is not
 * its gradient**. Only the closed form, and the sum of loss and bound ("added").
 *
 * Evaluations within a step, at whatever theta, all start from the mean before it; the first is added to it for the next.
 * Steps come one after another, from 0. The mean is not in the optimizer's state: to go on elsewhere keep `running` with
 * it, and pass it as an option; the two runs give the same bits as one.
 * @param batch all samples
 * @throws ShapeError, LabelError, NonFiniteError; ArgumentError for bad options, a network without a closed form or with
 * one parameter, or batches of one sample; in `beginStep` for a step that does not follow
 * @example
 * import { hsrMinibatchObjective, minimize, sgd, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
 * const batch = { x, y: x.map(([a, b]) => (a * b > 0 ? 1 : 0)) };
 * const options = { strength: 0.1, batchSize: 8, seed: 1 };
 * const optimizer = sgd({ learningRate: 0.5 });
 * const objective = hsrMinibatchObjective(net, batch, options);
 * const half = minimize(objective, net.init(7), optimizer, { steps: 10 });
 * const { running } = objective; // to be stored with half.theta, half.state and half.steps
 * const resumed = hsrMinibatchObjective(net, batch, { ...options, running });
 * const rest = minimize(resumed, half.theta, optimizer, { steps: 10, from: half });
 * const whole = minimize(hsrMinibatchObjective(net, batch, options), net.init(7), optimizer, { steps: 20 });
 * console.log(rest.theta.every((weight, i) => weight === whole.theta[i])); // → true
 */
export function hsrMinibatchObjective(
  net: Network,
  batch: Batch,
  options: MinibatchHsrOptions,
): MinibatchHsrObjective {
  return inMaker("hsrMinibatchObjective", () => {
    const keys = ["strength", "batchSize", "seed", "running"] as const;
    requireOptions(options, keys, "at least { strength, batchSize, seed }");
    const strength = checkStrength(options);
    requireBatch(batch);
    const { count } = prepareSamples(net, batch);
    const { batchSize, seed } = options;
    const batches = minibatches({ count, batchSize, seed });
    refuseSingleSamples(count, batchSize);
    requireInteger("net.size", net.size, 2, "one eigenvalue is its own trace");
    const given = checkRunning(options.running);

    let running = given;
    let current = given?.step ?? 0;
    /** The mean after this step, by its first evaluation. */
    let next: RunningMoments | undefined;
    let sample: Sample;
    const draw = (): void => {
      next = undefined;
      sample = sampleOn(net, selectSamples(batch, batches.at(current)), count);
    };
    const boundAt = ({ moments }: SampledEvaluation): SampledSlopes => {
      const mean = meanAfter(current, running, moments);
      next ??= mean;
      return sampledBoundSlopes({ size: net.size, ...mean });
    };

    draw();
    const objective = objectiveOf(
      net.size,
      (theta) => {
        const { loss, contraction, momentsHere } = sample;
        const { value, gradient } = loss.valueAndGradient(theta);
        const sampled = momentsHere(true);
        const bound = boundAt(sampled);
        const sum = plusScaled(gradient, strength, sampledGradient(contraction, sampled, bound));
        requireFinite("the gradient", sum);
        return { value: value + strength * bound.value, gradient: sum };
      },
      {
        value(theta) {
          const { loss, momentsHere } = sample;
          const value = loss.value(theta);
          return value + strength * boundAt(momentsHere(false)).value;
        },
      },
    );
    return {
      size: objective.size,
      value: objective.value,
      gradient: objective.gradient,
      valueAndGradient: objective.valueAndGradient,
      get running() {
        return running;
      },
      beginStep(step) {
        running = meanBefore(requireInteger("step", step, 0), current, running, next);
        current = step;
        draw();
      },
    };
  });
}

/** One mini-batch. */
interface Sample {
  readonly loss: FactoredLoss;
  readonly contraction: Contraction;
  /** At the theta of the loss. */
  momentsHere(differentiate: boolean): SampledEvaluation;
}

function sampleOn(net: Network, batch: Batch, population: number): Sample {
  const loss = factoredLossOn(net, batch);
  const { weights } = loss;
  const scales = unbiasedScales(weights.length, population);
  const contraction = createContraction(loss, true);
  return {
    loss,
    contraction,
    momentsHere(differentiate) {
      contraction.renew();
      return evaluateSampledMoments(contraction, weights, scales, differentiate);
    },
  };
}

/** The running mean before the step after `step`. */
function meanAfter(step: number, mean: RunningMoments | undefined, moments: SampledMoments): RunningMoments {
  const { trace, traceSquared, frobeniusSquared } = moments;
  if (!mean) return { step: step + 1, trace, traceSquared, frobeniusSquared };
  const averaged = (before: number, now: number) => DECAY * before + (1 - DECAY) * now;
  return {
    step: step + 1,
    trace: averaged(mean.trace, trace),
    traceSquared: averaged(mean.traceSquared, traceSquared),
    frobeniusSquared: averaged(mean.frobeniusSquared, frobeniusSquared),
  };
}

/**
 * The running mean at a step: that of the current one once more, of the one after it, or none at the first.
 * @throws ArgumentError at any other
 */
function meanBefore(
  step: number,
  current: number,
  running: RunningMoments | undefined,
  next: RunningMoments | undefined,
): RunningMoments | undefined {
  if (step === 0) return undefined;
  const mean = step === current ? running : next;
  if (mean?.step === step) return mean;
  throw new ArgumentError({
    expected: `a step that follows on step ${current}, evaluated once it was begun`,
    got: `step ${step}`,
    next: "a run that goes on from another takes its running moments: the option running",
  });
}

/** @throws ArgumentError unless every mini-batch of an epoch has two samples, or is all of them */
function refuseSingleSamples(count: number, batchSize: number): void {
  if (count >= 2 && batchSize >= 2 && count % batchSize !== 1) return;
  throw new ArgumentError({
    expected: "mini-batches of at least 2 samples",
    got: `one of 1, with ${count} samples and batchSize ${batchSize}`,
    next: "it compares samples with each other: choose a batchSize that leaves no single one",
  });
}

/** @throws ArgumentError unless it may be an objective's `running` */
function checkRunning(running: RunningMoments | undefined): RunningMoments | undefined {
  if (running === undefined) return undefined;
  requireObject("running", running, "an objective's running moments");
  const { step, trace, traceSquared, frobeniusSquared } = running;
  requireInteger("running.step", step, 1);
  for (const [name, value] of Object.entries({ trace, traceSquared, frobeniusSquared }))
    requireNumber(`running.${name}`, value);
  return { step, trace, traceSquared, frobeniusSquared };
}
