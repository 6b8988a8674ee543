export type { AscentStatus } from "./ascent.js";
export {
  type DirectionalDerivatives,
  directionalDerivatives,
  directionCosine,
  lineDirection,
  type OrthogonalDirection,
  orthogonalDirection,
} from "./directions.js";
export { type EigenvectorDirections, eigenvectorDirections } from "./eigenvector-directions.js";
export { hessianAt } from "./hessian-at.js";
export type { ParameterLayout, ParameterTensor } from "./layout.js";
export {
  type DirectionNormalization,
  type DirectionNormalizationOptions,
  normalizedDirection,
} from "./normalized-direction.js";
export { type RandomDirectionOptions, randomDirection } from "./random-direction.js";
export type { Normalization, NormalizationOptions } from "./scales.js";
export {
  type AdaptiveSharpnessOptions,
  adaptiveSharpness,
  type BallSharpness,
  epsilonSharpness,
  type KeskarSharpness,
  keskarSharpness,
} from "./sharpness.js";
export { type Slice, type SliceGridOptions, sliceGrid, sliceValues } from "./slices.js";
export type { AscentOptions, AscentReport, AscentStart, Sharpness } from "./summit-search.js";
export { type TrajectoryDirections, type TrajectoryOptions, trajectoryDirections } from "./trajectory.js";
