import {
  adam,
  adamw,
  asam,
  heavyBall,
  hessianUsam,
  hsrObjective,
  lookSam,
  nesterov,
  penaltySam,
  rmsprop,
  sam,
  sgd,
  twoStepUsam,
  usam,
} from "flatward";
import {
  esamObjective,
  frobeniusObjective,
  gradientNormObjective,
  largestEigenvalueObjective,
  noiseObjective,
  smoothLabels,
  traceObjective,
} from "flatward/regularizers";
import { z } from "zod";
import {
  beta,
  common,
  LEARNING_RATE,
  learningRate,
  lossOf,
  type Method,
  penalized,
  plain,
  radius,
  row,
  type Settings,
  share,
  sharpnessAware,
  strength,
  withMomentum,
} from "./method.js";
import {
  boundClip,
  estimator,
  heldBound,
  heldMoments,
  heldPenalty,
  momentPenalty,
  targetSharpness,
} from "./penalties.js";

/** Every method, by the name that a plan uses. A new one is one row; the first of a plan is its baseline. */
export const methods = {
  "gradient-descent": row({
    label: "gradient descent",
    hyperparameters: common,
    defaults: { learningRate: LEARNING_RATE },
    gradients: 1,
    objective: plain,
    optimizer: ({ learningRate, momentum }) => sgd({ learningRate, momentum }),
  }),
  "heavy-ball": withMomentum("heavy ball", heavyBall),
  nesterov: withMomentum("Nesterov", nesterov),
  adam: row({
    label: "Adam",
    hyperparameters: {
      learningRate,
      weightDecay: z.number().min(0).default(0).describe("coupled, λ ≥ 0"),
    },
    defaults: { learningRate: 0.01 },
    gradients: 1,
    objective: plain,
    optimizer: adam,
  }),
  adamw: row({
    label: "AdamW",
    hyperparameters: { learningRate, weightDecay: z.number().min(0).describe("decoupled, λ ≥ 0") },
    defaults: { learningRate: 0.01, weightDecay: 0.1 },
    shown: "weightDecay",
    gradients: 1,
    objective: plain,
    optimizer: adamw,
  }),
  rmsprop: row({
    label: "RMSProp",
    hyperparameters: { learningRate },
    defaults: { learningRate: 0.01 },
    gradients: 1,
    objective: plain,
    optimizer: rmsprop,
  }),
  "weight-decay": row({
    label: "weight decay",
    hyperparameters: { ...common, weightDecay: z.number().min(0).describe("coupled, λ ≥ 0") },
    defaults: { learningRate: LEARNING_RATE, weightDecay: 0.003 },
    shown: "weightDecay",
    gradients: 1,
    objective: plain,
    optimizer: ({ learningRate, momentum, weightDecay }) => sgd({ learningRate, momentum, weightDecay }),
  }),
  sam: sharpnessAware("SAM", 2, 0.05, sam),
  "look-sam": row({
    label: "LookSAM",
    hyperparameters: {
      ...common,
      radius,
      every: z.int().min(1).default(5).describe("every so many steps one is of SAM"),
      reuse: z.number().min(0).default(0.7).describe("length of what is remembered of it, in gradients"),
    },
    defaults: { learningRate: LEARNING_RATE, radius: 0.05 },
    shown: "radius",
    gradients: ({ every }) => 1 + 1 / every,
    objective: plain,
    optimizer: lookSam,
  }),
  esam: {
    ...penalized(
      "ESAM",
      ({ sampleShare }) => 1 + sampleShare,
      {
        radius,
        sampleShare: share.default(0.5).describe("of a step, whose loss rises most, for its second gradient"),
        parameterShare: share.default(1).describe("of parameters that take part in a step uphill"),
      },
      { radius: 0.05 },
      (net, batch, { radius, sampleShare, parameterShare }, seed, batchSize) =>
        esamObjective(net, batch, { radius, sampleShare, parameterShare, seed, batchSize }),
    ),
    needs: "chain",
  },
  asam: sharpnessAware("ASAM", 2, 0.5, asam),
  usam: sharpnessAware("USAM", 2, 0.05, usam),
  "usam-nesterov": row({
    label: "USAM Nesterov",
    hyperparameters: { learningRate, momentum: beta.gt(0), radius },
    defaults: { learningRate: 0.1, momentum: 0.7, radius: 0.05 },
    shown: "radius",
    gradients: 2,
    objective: plain,
    optimizer: (settings) => usam({ ...settings, nesterov: true }),
  }),
  "two-step-usam": sharpnessAware("two-step USAM", 3, 0.05, twoStepUsam),
  "hessian-usam": sharpnessAware("Hessian USAM", 4, 0.05, hessianUsam),
  "penalty-sam": sharpnessAware("penalty SAM", 3, 0.05, penaltySam),
  "label-smoothing": {
    ...penalized(
      "label smoothing",
      1,
      { smoothing: z.number().min(0).lt(1).describe("share given to all classes alike") },
      { smoothing: 0.05 },
      (net, batch, { smoothing }, seed, batchSize) =>
        lossOf(net, smoothLabels(net, batch, { smoothing }), seed, batchSize),
    ),
    needs: "softmax",
  },
  noise: penalized(
    "noise",
    2,
    { deviation: z.number().positive().describe("of the noise in the parameters, σ > 0") },
    { deviation: 0.1 },
    (net, batch, { deviation }, seed, batchSize) =>
      noiseObjective(lossOf(net, batch, seed, batchSize), { deviation, seed }),
  ),
  "gradient-norm": penalized(
    "gradient norm",
    3,
    { strength },
    { strength: 0.1 },
    (net, batch, { strength }, seed, batchSize) =>
      gradientNormObjective(lossOf(net, batch, seed, batchSize), { strength }),
  ),
  trace: heldMoments("trace", { strength: 0.03 }, {}, (net, batch, options) =>
    traceObjective(net, batch, options),
  ),
  frobenius: heldMoments(
    "Frobenius",
    { strength: 0.1 },
    { estimator },
    (net, batch, options, { estimator }) => frobeniusObjective(net, batch, { ...options, estimator }),
  ),
  "largest-eigenvalue": {
    ...heldPenalty(
      "λ_max",
      { strength: 0.1 },
      {
        products: z
          .int()
          .min(1)
          .optional()
          .describe("H·v that an eigenvector gets, from the last one; as many as it needs when absent"),
      },
      (net, batch, options, { products }) => largestEigenvalueObjective(net, batch, { ...options, products }),
    ),
    chainFor: "samples",
  },
  hsr: heldBound("HSR", { strength: 0.1 }, {}, { clip: boundClip, targetSharpness }),
  "hsr-direction": heldBound(
    "HSR direction",
    { strength: 0.5 },
    { form: "unit-direction", scaling: "loss-gradient" },
  ),
  "hsr-alternating": momentPenalty(
    "HSR alternating",
    1,
    { strength, period: z.int().min(2).default(2).describe("every so many steps one descends the bound") },
    { strength: 0.1 },
    (net, batch, { strength, period }, options) =>
      hsrObjective(net, batch, { strength, form: "alternating", period, ...options }),
  ),
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof methods;
export const methodNames = Object.keys(methods) as MethodName[];

/** A method, its hyperparameters, and its number of steps where that is its own, as a cell names them. */
export type MethodConfig = { readonly name: MethodName } & Readonly<Record<string, number | string>>;

/** The hyperparameters alone. */
export function settingsOf({ name: _, steps: __, ...settings }: MethodConfig): Settings {
  return settings as Settings;
}

/** Gradients of a step, on average, see `Method`. */
export function gradientsOf(method: MethodConfig): number {
  const { gradients }: Method = methods[method.name];
  return typeof gradients === "number" ? gradients : gradients(completed(method));
}

/** Settings with those filled in that a method's hyperparameters have a default for. */
function completed(method: MethodConfig): Settings {
  const { hyperparameters }: Method = methods[method.name];
  const given = settingsOf(method);
  return Object.fromEntries(
    Object.entries(hyperparameters).map(([key, schema]) => [key, schema.parse(given[key])]),
  ) as Settings;
}

/** A method with its default settings. */
export function defaultMethod(name: MethodName): MethodConfig {
  return { name, ...methods[name].defaults };
}
