export { type AdamOptions, type AdamState, adam, adamw } from "./adam.js";
export { type MinibatchOptions, minibatchObjective } from "./minibatch.js";
export {
  type MinimizeOptions,
  type MinimizeResult,
  type MinimizeStatus,
  minimize,
  type Progress,
} from "./minimize.js";
export type { MomentumOptions, MomentumState } from "./momentum.js";
export { type Objective, objectiveOf, type ValueAndGradient } from "./objective.js";
export type { CommonOptions, Optimizer, Step } from "./optimizer.js";
export { type SamOptions, sam } from "./sam.js";
export { type SgdOptions, sgd } from "./sgd.js";
