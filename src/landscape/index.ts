export type { AscentStatus } from "./ascent.js";
export { type BasinIsotropy, basinIsotropy, type IsotropyOptions } from "./basin-isotropy.js";
export {
  type CurvatureOptions,
  type CurvatureSummary,
  curvatureSummary,
  type ExtremeEigenvalue,
} from "./curvature-summary.js";
export { hessianMatrix } from "./dense.js";
export {
  type DirectionalDerivatives,
  directionalDerivatives,
  directionCosine,
  lineDirection,
  type OrthogonalDirection,
  orthogonalDirection,
} from "./directions.js";
export { type EigenvectorDirections, eigenvectorDirections } from "./eigenvector-directions.js";
export { type ExpectedSharpnessOptions, expectedSharpness } from "./expected-sharpness.js";
export { type GradientNoise, type GradientNoiseOptions, gradientNoise } from "./gradient-noise.js";
export { hessianAt } from "./hessian-at.js";
export { invariances, type Measure, type Transformation, transformations } from "./invariances.js";
export { type SpectrumIsotropy, spectrumIsotropy } from "./isotropy.js";
export type { ParameterLayout } from "./layout.js";
export {
  type DirectionNormalization,
  type DirectionNormalizationOptions,
  normalizedDirection,
} from "./normalized-direction.js";
export {
  type NormalizedSharpness,
  type NormalizedSharpnessOptions,
  normalizedSharpness,
} from "./normalized-sharpness.js";
export { type RandomDirectionOptions, randomDirection } from "./random-direction.js";
export {
  type LayerFlatness,
  type RelativeFlatness,
  type RelativeFlatnessOptions,
  relativeFlatness,
} from "./relative-flatness.js";
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
export {
  type LangevinOptions,
  langevinCovariance,
  type SgdCovarianceOptions,
  type StationaryCovariance,
  type StationaryOptions,
  sgdCovariance,
} from "./stationary-covariance.js";
export type { AscentOptions, AscentReport, AscentStart, Sharpness, TopEigenvalue } from "./summit-search.js";
export { type TrajectoryDirections, type TrajectoryOptions, trajectoryDirections } from "./trajectory.js";
