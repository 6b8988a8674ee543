import type { LabelledSamples } from "../data/dataset.js";
import type { RunConfig } from "./config.js";
import { countOf } from "./measures/evaluation.js";
import { stepsOfMethod } from "./method-steps.js";
import { defaultMethod, type MethodConfig } from "./methods.js";
import { networkFor } from "./network/make.js";
import { curvatureSample, prepare } from "./prepare.js";
import { type TrainOptions, train } from "./train.js";

/** What a step takes, in milliseconds of the processor, and what one of gradient descent took meanwhile. */
export interface StepCost {
  readonly milliseconds: number;
  readonly reference: number;
}

/** Milliseconds that each of the two trains for in a round. */
const ROUND = 80;
/** Rounds that count; some more go before, while code becomes fast, also what one step in ten needs. */
const ROUNDS = 21;
const WARMUPS = 5;

/**
 * Milliseconds so far: of this process on the processor, where the platform tells, so that work of others does not count; by
 * the clock elsewhere.
 */
function elapsed(): number {
  const { process } = globalThis as { readonly process?: { cpuUsage?(): { user: number; system: number } } };
  const usage = process?.cpuUsage?.();
  return usage === undefined ? performance.now() : (usage.user + usage.system) / 1000;
}

/**
 * Measures what a step of a configuration takes, and one of gradient descent on the same network and samples: in turns, so
 * that a machine that is busy slows both alike, and the median over rounds of how many times as long it took.
 * @throws LabError, FlatwardError
 */
export function measureStepCost(dataset: LabelledSamples, config: RunConfig): StepCost {
  const net = networkFor(dataset, config.network);
  const batches = prepare(dataset, config.training, config.seed);
  const parts = { ...batches, sample: curvatureSample(batches.train, config) };
  const round = (method: MethodConfig): number => {
    // Where one step in so many is more expensive than the others, a round has its share of them.
    const cycle = stepsOfMethod(net, { method, training: config.training }, countOf(batches.train)).every;
    // From after the first share: what a run begins with is no part of a step.
    let started = 0;
    let steps = -cycle;
    const isOver = (): boolean => {
      if (++steps === 0) started = elapsed();
      return steps > 0 && steps % cycle === 0 && elapsed() >= started + ROUND;
    };
    const control: TrainOptions = {
      seed: config.seed,
      curve: false,
      sharpness: false,
      afterStep: () => (isOver() ? "stop" : "go on"),
      onCheckpoint() {},
    };
    const training = { ...config.training, gradientTolerance: 0, steps: Number.MAX_SAFE_INTEGER };
    train(net, parts, method, training, control);
    return (elapsed() - started) / steps;
  };
  const ratios: number[] = [];
  const references: number[] = [];
  for (let i = -WARMUPS; i < ROUNDS; i++) {
    const own = round(config.method as MethodConfig);
    const reference = round(defaultMethod("gradient-descent"));
    if (i < 0) continue;
    ratios.push(own / reference);
    references.push(reference);
  }
  const reference = median(references);
  return { milliseconds: median(ratios) * reference, reference };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
