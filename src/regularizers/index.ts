export * from "../flatward-error.js";
export type { PenaltyOptions } from "../optim/penalized.js";
export { type EsamOptions, esamObjective } from "./esam.js";
export { type GradientNormOptions, gradientNormObjective } from "./gradient-norm.js";
export type { HeldOptions } from "./held-objective.js";
export { type SmoothLabelsOptions, smoothLabels } from "./label-smoothing.js";
export type { EigenSolver, EigenSolverOptions } from "./largest-eigenpair.js";
export { type LargestEigenvalueOptions, largestEigenvalueObjective } from "./largest-eigenvalue.js";
export {
  type FrobeniusOptions,
  frobeniusObjective,
  type MomentPenaltyOptions,
  type TraceOptions,
  traceObjective,
} from "./moments.js";
export { type NoiseOptions, noiseObjective } from "./noise.js";
export { type WeightDecayOptions, weightDecayObjective } from "./weight-decay.js";
