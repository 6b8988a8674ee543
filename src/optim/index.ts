export * from "../flatward-error.js";
export { type AdamOptions, type AdamState, adam, adamw } from "./adam.js";
export { type ClipOptions, clipped } from "./clipped.js";
export { type HeavyBallOptions, type HeavyBallState, heavyBall, nesterov } from "./heavy-ball.js";
export { type LookSamOptions, type LookSamState, lookSam } from "./look-sam.js";
export { type Minibatches, type MinibatchOptions, minibatches, minibatchObjective } from "./minibatches.js";
export {
  type MinimizeOptions,
  type MinimizeResult,
  type MinimizeStatus,
  minimize,
  type Progress,
} from "./minimize.js";
export type { MomentumOptions, MomentumState } from "./momentum.js";
export {
  type Derivation,
  derivedObjective,
  type Objective,
  objectiveOf,
  type ValueAndGradient,
} from "./objective.js";
export type { CommonOptions, Optimizer, Step } from "./optimizer.js";
export { type PenalizedLoss, type Penalty, type PenaltyOptions, penalizedObjective } from "./penalized.js";
export { type RmspropOptions, type RmspropState, rmsprop } from "./rmsprop.js";
export {
  type CosineOptions,
  constantSchedule,
  cosineSchedule,
  type Schedule,
  type ScheduledOptimizer,
  type ScheduledState,
  type StepScheduleOptions,
  scheduled,
  stepSchedule,
  type WarmupOptions,
  warmup,
} from "./schedule.js";
export { type SgdOptions, sgd } from "./sgd.js";
export {
  type AsamOptions,
  asam,
  hessianUsam,
  penaltySam,
  type SamOptions,
  type SharpnessOptions,
  sam,
  twoStepUsam,
  usam,
} from "./sharpness-aware.js";
export type { StabilityOptions } from "./stability/filter-table.js";
export { type IsStableOptions, isStable, stableSpectrum } from "./stability/filters.js";
export type { StableInterval } from "./stability/stable-curvature.js";
export type { DecayOptions } from "./weight-decay.js";
