import {
  type Batch,
  hsrObjective,
  lossObjective,
  type Objective,
  type Optimizer,
  sam,
  sgd,
  type ThreeLayerNet,
} from "flatward";
import { z } from "zod";

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
  /** The hyperparameter that its label always shows. */
  readonly shown?: keyof Shape & string;
  objective(net: ThreeLayerNet, batch: Batch, settings: Settings<Shape>): Objective;
  optimizer(settings: Settings<Shape>): Optimizer;
}

const common = {
  learningRate: z.number().positive().describe("step length α > 0"),
  momentum: z.number().min(0).lt(1).default(0).describe("heavy-ball factor, 0 ≤ β < 1"),
};

/** A row of the table, its settings typed by its own hyperparameters. */
function row<Shape extends Hyperparameters>(method: Method<Shape>): Method {
  return method as unknown as Method;
}

/** Every method, by the name that a plan uses. A new one is one row; the first of a plan is its baseline. */
export const methods = {
  "gradient-descent": row({
    label: "gradient descent",
    hyperparameters: common,
    objective: lossObjective,
    optimizer: ({ learningRate, momentum }) => sgd({ learningRate, momentum }),
  }),
  "weight-decay": row({
    label: "weight decay",
    hyperparameters: { ...common, weightDecay: z.number().min(0).describe("coupled, λ ≥ 0") },
    shown: "weightDecay",
    objective: lossObjective,
    optimizer: ({ learningRate, momentum, weightDecay }) => sgd({ learningRate, momentum, weightDecay }),
  }),
  sam: row({
    label: "SAM",
    hyperparameters: { ...common, radius: z.number().positive().describe("of the ascent step, ρ > 0") },
    shown: "radius",
    objective: lossObjective,
    optimizer: ({ learningRate, momentum, radius }) => sam({ learningRate, momentum, radius }),
  }),
  hsr: row({
    label: "HSR",
    hyperparameters: { ...common, strength: z.number().min(0).describe("weight of the WS bound, ≥ 0") },
    shown: "strength",
    objective: (net, batch, { strength }) => hsrObjective(net, batch, { strength }),
    optimizer: ({ learningRate, momentum }) => sgd({ learningRate, momentum }),
  }),
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof methods;
export const methodNames = Object.keys(methods) as MethodName[];

/** A method and its hyperparameters, as a cell names them. */
export type MethodConfig = { readonly name: MethodName } & Readonly<Record<string, number | string>>;

/** The hyperparameters alone. */
export function settingsOf({ name: _, ...settings }: MethodConfig): Settings {
  return settings as Settings;
}
