import { type Batch, lossObjective, type Network, type Objective, type Optimizer, sgd } from "flatward";
import { z } from "zod";
import type { Need } from "./measures/needs.js";

/** The hyperparameters of a method and their ranges. */
export type Hyperparameters = Readonly<Record<string, z.ZodType<number | string | undefined>>>;

/** A value for each of them. */
export type Settings<Shape extends Hyperparameters = Hyperparameters> = {
  readonly [Name in keyof Shape]: z.output<Shape[Name]>;
};

/** One way to train: what is minimised, and by which optimizer. */
export interface Method<Shape extends Hyperparameters = Hyperparameters> {
  readonly label: string;
  readonly hyperparameters: Shape;
  /** Of the network; every network does when absent. */
  readonly needs?: Need;
  /** Settings where it is named without any; they suit standardised features. */
  readonly defaults: Partial<Settings<Shape>>;
  /** The hyperparameter that its label always shows. */
  readonly shown?: keyof Shape & string;
  /**
   * Gradients that a step evaluates on average, whatever they are of: the loss, or what is added to it. A product H·v counts as
   * two. What a penalty needs besides (an eigenvector, per-sample curvature, products with random vectors) is not counted.
   */
  readonly gradients: number | ((settings: Settings<Shape>) => number);
  /**
   * Where a step's cost depends on network and samples: what it takes in gradients of the loss, on average over `every` steps.
   * @param count training samples @param batchSize of a step, undefined for all
   */
  stepsOn?(
    net: Network,
    settings: Settings<Shape>,
    count: number,
    batchSize: number | undefined,
  ): { readonly gradients: number; readonly every: number };
  /** Minimises something else than the loss, to whose Hessian its optimizer's filter belongs. */
  readonly regularized?: true;
  /** The hyperparameter that needs a chain of smooth dense layers. */
  readonly chainFor?: keyof Shape & string;
  /** Takes the curvature of every sample in closed form, where the network has that. */
  readonly closedForm?: true;
  /** The shape of what its objective remembers of steps, for n parameters; none where it does not. */
  objectiveState?(settings: Settings<Shape>, size: number): z.ZodType<{ readonly step: number }> | undefined;
  /**
   * @param batch all samples
   * @param seed the run's own, for an objective that draws numbers
   * @param batchSize of a step's mini-batch, undefined for all
   */
  objective(
    net: Network,
    batch: Batch,
    settings: Settings<Shape>,
    seed: number,
    batchSize?: number,
  ): Objective;
  optimizer(settings: Settings<Shape>): Optimizer;
}

export const learningRate = z.number().positive().describe("step length α > 0");
const momentum = z.number().min(0).lt(1).default(0).describe("heavy-ball factor, 0 ≤ β < 1");
export const radius = z.number().positive().describe("of the ascent step, ρ > 0");
export const strength = z.number().min(0).describe("weight of the penalty, ≥ 0");
export const share = z.number().positive().max(1);
export const common = { learningRate, momentum };
const sharpness = { learningRate, momentum, radius };
export const beta = z.number().min(0).lt(1).describe("β");
const accelerated = { learningRate, momentum: beta };

/** Of gradient descent, and of all that follow a gradient as long as its own. */
export const LEARNING_RATE = 0.3;

/** A row of the table, its settings typed by its own hyperparameters. */
export function row<Shape extends Hyperparameters>(method: Method<Shape>): Method {
  return method as unknown as Method;
}

/** A method that descends another objective than the loss, by gradient descent. Its label shows the first of its defaults. */
export function penalized<Shape extends Hyperparameters>(
  label: string,
  gradients: Method<Shape & typeof common>["gradients"],
  hyperparameters: Shape,
  defaults: Partial<Settings<Shape>>,
  objective: (
    net: Network,
    batch: Batch,
    settings: Settings<Shape>,
    seed: number,
    batchSize?: number,
  ) => Objective,
): Method {
  return row({
    label,
    hyperparameters: { ...common, ...hyperparameters },
    defaults: { learningRate: LEARNING_RATE, ...defaults },
    shown: Object.keys(defaults)[0],
    gradients,
    regularized: true,
    objective: (net, batch, settings, ...others) => objective(net, batch, settings as never, ...others),
    optimizer: (settings) => sgd({ learningRate: settings.learningRate, momentum: settings.momentum }),
  });
}

/** The loss of a training step: units are dropped, where the network drops any. */
export const lossOf = (net: Network, batch: Batch, seed: number, batchSize?: number): Objective =>
  lossObjective(net, batch, { dropoutSeed: seed, seed, batchSize });

export const plain = (
  net: Network,
  batch: Batch,
  _settings: unknown,
  seed: number,
  batchSize?: number,
): Objective => lossOf(net, batch, seed, batchSize);

/** A method that descends the loss with a momentum that its label always shows. */
export function withMomentum(
  label: string,
  optimizer: (settings: Settings<typeof accelerated>) => Optimizer,
): Method {
  return row({
    label,
    hyperparameters: accelerated,
    defaults: { learningRate: 0.1, momentum: 0.7 },
    shown: "momentum",
    gradients: 1,
    objective: plain,
    optimizer,
  });
}

/** A method that descends the loss by a sharpness-aware step. */
export function sharpnessAware(
  label: string,
  gradients: number,
  radius: number,
  optimizer: (settings: Settings<typeof sharpness>) => Optimizer,
): Method {
  return row({
    label,
    hyperparameters: sharpness,
    defaults: { learningRate: LEARNING_RATE, radius },
    shown: "radius",
    gradients,
    objective: plain,
    optimizer,
  });
}
