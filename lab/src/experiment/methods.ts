import {
  adam,
  adamw,
  asam,
  type Batch,
  frobeniusObjective,
  gradientNormObjective,
  heavyBall,
  hessianUsam,
  hsrObjective,
  largestEigenvalueObjective,
  lossObjective,
  type Network,
  nesterov,
  noiseObjective,
  type Objective,
  type Optimizer,
  penaltySam,
  rmsprop,
  sam,
  sgd,
  smoothLabels,
  type ThreeLayerNet,
  traceObjective,
  twoStepUsam,
  usam,
} from "flatward";
import { z } from "zod";
import type { Need } from "./needs.js";

/** The hyperparameters of a method and their ranges. */
type Hyperparameters = Readonly<Record<string, z.ZodType<number>>>;

/** A value for each of them. */
export type Settings<Shape extends Hyperparameters = Hyperparameters> = {
  readonly [Name in keyof Shape]: number;
};

/** One way to train: what is minimised, and by which optimizer. */
export interface Method<Shape extends Hyperparameters = Hyperparameters> {
  readonly label: string;
  readonly hyperparameters: Shape;
  /** Of the network; every network does when absent. */
  readonly needs?: Need;
  /** The hyperparameter that its label always shows. */
  readonly shown?: keyof Shape & string;
  /** @param seed the run's own, for an objective that draws numbers */
  objective(net: Network, batch: Batch, settings: Settings<Shape>, seed: number): Objective;
  optimizer(settings: Settings<Shape>): Optimizer;
}

const learningRate = z.number().positive().describe("step length α > 0");
const momentum = z.number().min(0).lt(1).default(0).describe("heavy-ball factor, 0 ≤ β < 1");
const radius = z.number().positive().describe("of the ascent step, ρ > 0");
const strength = z.number().min(0).describe("weight of the penalty, ≥ 0");
const common = { learningRate, momentum };
const sharpness = { learningRate, momentum, radius };

/** A row of the table, its settings typed by its own hyperparameters. */
function row<Shape extends Hyperparameters>(method: Method<Shape>): Method {
  return method as unknown as Method;
}

/** A method that descends another objective than the loss, by gradient descent. */
function penalized<Shape extends Hyperparameters>(
  label: string,
  hyperparameters: Shape,
  shown: keyof Shape & string,
  objective: (net: Network, batch: Batch, settings: Settings<Shape>, seed: number) => Objective,
): Method {
  return row({
    label,
    hyperparameters: { ...common, ...hyperparameters },
    shown,
    objective: (net, batch, settings, seed) => objective(net, batch, settings as never, seed),
    optimizer: (settings) => sgd({ learningRate: settings.learningRate, momentum: settings.momentum }),
  });
}

/** The same for an objective that is a closed form. */
function closedForm<Shape extends Hyperparameters>(
  label: string,
  hyperparameters: Shape,
  shown: keyof Shape & string,
  objective: (net: ThreeLayerNet, batch: Batch, settings: Settings<Shape>) => Objective,
): Method {
  return {
    ...penalized(label, hyperparameters, shown, (net, batch, settings) =>
      objective(net as ThreeLayerNet, batch, settings),
    ),
    needs: "closed form",
  };
}

/** The loss of a training step: units are dropped, where the network drops any. */
const lossOf = (net: Network, batch: Batch, seed: number): Objective =>
  lossObjective(net, batch, { dropoutSeed: seed });

const plain = (net: Network, batch: Batch, _settings: unknown, seed: number): Objective =>
  lossOf(net, batch, seed);

/** A method that descends the loss by a sharpness-aware step. */
function sharpnessAware(
  label: string,
  optimizer: (settings: Settings<typeof sharpness>) => Optimizer,
): Method {
  return row({ label, hyperparameters: sharpness, shown: "radius", objective: plain, optimizer });
}

/** Every method, by the name that a plan uses. A new one is one row; the first of a plan is its baseline. */
export const methods = {
  "gradient-descent": row({
    label: "gradient descent",
    hyperparameters: common,
    objective: plain,
    optimizer: ({ learningRate, momentum }) => sgd({ learningRate, momentum }),
  }),
  "heavy-ball": row({
    label: "heavy ball",
    hyperparameters: { learningRate, momentum: z.number().min(0).lt(1).describe("β") },
    shown: "momentum",
    objective: plain,
    optimizer: heavyBall,
  }),
  nesterov: row({
    label: "Nesterov",
    hyperparameters: { learningRate, momentum: z.number().min(0).lt(1).describe("β") },
    shown: "momentum",
    objective: plain,
    optimizer: nesterov,
  }),
  adam: row({
    label: "Adam",
    hyperparameters: {
      learningRate,
      weightDecay: z.number().min(0).default(0).describe("coupled, λ ≥ 0"),
    },
    objective: plain,
    optimizer: adam,
  }),
  adamw: row({
    label: "AdamW",
    hyperparameters: { learningRate, weightDecay: z.number().min(0).describe("decoupled, λ ≥ 0") },
    shown: "weightDecay",
    objective: plain,
    optimizer: adamw,
  }),
  rmsprop: row({
    label: "RMSProp",
    hyperparameters: { learningRate },
    objective: plain,
    optimizer: rmsprop,
  }),
  "weight-decay": row({
    label: "weight decay",
    hyperparameters: { ...common, weightDecay: z.number().min(0).describe("coupled, λ ≥ 0") },
    shown: "weightDecay",
    objective: plain,
    optimizer: ({ learningRate, momentum, weightDecay }) => sgd({ learningRate, momentum, weightDecay }),
  }),
  sam: sharpnessAware("SAM", sam),
  asam: sharpnessAware("ASAM", asam),
  usam: sharpnessAware("USAM", usam),
  "two-step-usam": sharpnessAware("two-step USAM", twoStepUsam),
  "hessian-usam": sharpnessAware("Hessian USAM", hessianUsam),
  "penalty-sam": sharpnessAware("penalty SAM", penaltySam),
  "label-smoothing": penalized(
    "label smoothing",
    { smoothing: z.number().min(0).lt(1).describe("share given to all classes alike") },
    "smoothing",
    (net, batch, { smoothing }, seed) => lossOf(net, smoothLabels(net, batch, { smoothing }), seed),
  ),
  noise: penalized(
    "noise",
    { deviation: z.number().positive().describe("of the noise in the parameters, σ > 0") },
    "deviation",
    (net, batch, { deviation }, seed) => noiseObjective(lossOf(net, batch, seed), { deviation, seed }),
  ),
  "gradient-norm": penalized("gradient norm", { strength }, "strength", (net, batch, { strength }, seed) =>
    gradientNormObjective(lossOf(net, batch, seed), { strength }),
  ),
  trace: closedForm("trace", { strength }, "strength", (net, batch, { strength }) =>
    traceObjective(net, batch, { strength }),
  ),
  frobenius: closedForm("Frobenius", { strength }, "strength", (net, batch, { strength }) =>
    frobeniusObjective(net, batch, { strength }),
  ),
  "largest-eigenvalue": closedForm("λ_max", { strength }, "strength", (net, batch, { strength }) =>
    largestEigenvalueObjective(net, batch, { strength }),
  ),
  hsr: closedForm("HSR", { strength }, "strength", (net, batch, { strength }) =>
    hsrObjective(net, batch, { strength }),
  ),
  "hsr-direction": closedForm("HSR direction", { strength }, "strength", (net, batch, { strength }) =>
    hsrObjective(net, batch, { strength, form: "unit-direction", scaling: "loss-gradient" }),
  ),
  "hsr-alternating": closedForm(
    "HSR alternating",
    { strength, period: z.int().min(2).default(2).describe("every so many steps one descends the bound") },
    "strength",
    (net, batch, { strength, period }) => hsrObjective(net, batch, { strength, form: "alternating", period }),
  ),
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof methods;
export const methodNames = Object.keys(methods) as MethodName[];

/** A method and its hyperparameters, as a cell names them. */
export type MethodConfig = { readonly name: MethodName } & Readonly<Record<string, number | string>>;

/** The hyperparameters alone. */
export function settingsOf({ name: _, ...settings }: MethodConfig): Settings {
  return settings as Settings;
}
