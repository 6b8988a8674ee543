export * from "../flatward-error.js";
export type { ParameterLayout } from "../nn/layout.js";
export {
  type BasinIsotropy,
  basinIsotropy,
  type IsotropyOptions,
  type SpectrumIsotropy,
  spectrumIsotropy,
} from "./basin-isotropy.js";
export {
  type CurvatureOptions,
  type CurvatureSummary,
  curvatureSummary,
  type ExtremeEigenvalue,
  type MatrixCurvatureOptions,
} from "./curvature-summary.js";
export { type GradientNoise, type GradientNoiseOptions, gradientNoise } from "./gradient-noise.js";
export { hessianAt, hessianMatrix } from "./hessian-at.js";
export type { Normalization, NormalizationOptions } from "./scales.js";
export type { AscentStatus } from "./sharpness/ascent.js";
export { type ExpectedSharpnessOptions, expectedSharpness } from "./sharpness/expected-sharpness.js";
export { invariances, type Measure, type Transformation, transformations } from "./sharpness/invariances.js";
export {
  type NormalizedSharpness,
  type NormalizedSharpnessOptions,
  normalizedSharpness,
} from "./sharpness/normalized-sharpness.js";
export {
  type LayerFlatness,
  type RelativeFlatness,
  type RelativeFlatnessOptions,
  relativeFlatness,
} from "./sharpness/relative-flatness.js";
export type {
  AscentOptions,
  AscentReport,
  AscentStart,
  Sharpness,
  TopEigenvalue,
} from "./sharpness/search.js";
export {
  type AdaptiveSharpnessOptions,
  adaptiveSharpness,
  type BallSharpness,
  epsilonSharpness,
  type KeskarSharpness,
  keskarSharpness,
} from "./sharpness/sharpness.js";
export {
  type DirectionalDerivatives,
  directionalDerivatives,
  directionCosine,
  lineDirection,
  type OrthogonalDirection,
  orthogonalDirection,
  type RandomDirectionOptions,
  randomDirection,
} from "./slices/directions.js";
export { type EigenvectorDirections, eigenvectorDirections } from "./slices/eigenvector-directions.js";
export {
  type DirectionNormalization,
  type DirectionNormalizationOptions,
  normalizedDirection,
} from "./slices/normalized-direction.js";
export { type Slice, type SliceGridOptions, sliceGrid, sliceValues } from "./slices/slices.js";
export {
  type TrajectoryDirections,
  type TrajectoryOptions,
  trajectoryDirections,
} from "./slices/trajectory.js";
export {
  type LangevinOptions,
  langevinCovariance,
  type SgdCovarianceOptions,
  type StationaryCovariance,
  type StationaryOptions,
  sgdCovariance,
} from "./stationary-covariance.js";
