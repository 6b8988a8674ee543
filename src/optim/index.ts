export { type GradientNormOptions, gradientNormObjective } from "../regularizers/gradient-norm.js";
export { type NoiseOptions, noiseObjective } from "../regularizers/noise.js";
export { type WeightDecayOptions, weightDecayObjective } from "../regularizers/weight-decay.js";
export { type AdamOptions, type AdamState, adam, adamw } from "./adam.js";
export { type AsamOptions, asam } from "./asam.js";
export { type ClipOptions, clipped } from "./clipped.js";
export { heavyBall } from "./heavy-ball.js";
export { hessianUsam } from "./hessian-usam.js";
export type { IterateOptions, IterateState } from "./iterates.js";
export { minibatchObjective } from "./minibatch-objective.js";
export { type Minibatches, type MinibatchOptions, minibatches } from "./minibatches.js";
export {
  type MinimizeOptions,
  type MinimizeResult,
  type MinimizeStatus,
  minimize,
  type Progress,
} from "./minimize.js";
export type { MomentumOptions, MomentumState } from "./momentum.js";
export { nesterov } from "./nesterov.js";
export { type Objective, objectiveOf, type ValueAndGradient } from "./objective.js";
export type { CommonOptions, Optimizer, Step } from "./optimizer.js";
export { penaltySam } from "./penalty-sam.js";
export { type RmspropOptions, type RmspropState, rmsprop } from "./rmsprop.js";
export { type SamOptions, sam } from "./sam.js";
export {
  type CosineOptions,
  constantSchedule,
  cosineSchedule,
  type Schedule,
  type StepScheduleOptions,
  stepSchedule,
  type WarmupOptions,
  warmup,
} from "./schedule.js";
export { type ScheduledOptimizer, type ScheduledState, scheduled } from "./scheduled.js";
export { type SgdOptions, sgd } from "./sgd.js";
export type { SharpnessOptions } from "./sharpness-aware.js";
export type { StabilityOptions } from "./stability/filter-table.js";
export { type IsStableOptions, isStable, stableSpectrum } from "./stability/filters.js";
export type { StableInterval } from "./stability/stable-curvature.js";
export { twoStepUsam } from "./two-step-usam.js";
export { usam } from "./usam.js";
export type { DecayOptions } from "./weight-decay.js";
