export type { AscentStatus } from "./ascent.js";
export { type BasinIsotropy, basinIsotropy, type IsotropyOptions } from "./basin-isotropy.js";
export {
  type CurvatureOptions,
  type CurvatureSummary,
  curvatureSummary,
  type ExtremeEigenvalue,
} from "./curvature-summary.js";
export { hessianMatrix } from "./dense.js";
export { type ExpectedSharpnessOptions, expectedSharpness } from "./expected-sharpness.js";
export { type GradientNoise, type GradientNoiseOptions, gradientNoise } from "./gradient-noise.js";
export { hessianAt } from "./hessian-at.js";
export { invariances, type Measure, type Transformation, transformations } from "./invariances.js";
export { type SpectrumIsotropy, spectrumIsotropy } from "./isotropy.js";
export type { ParameterLayout, ParameterTensor } from "./layout.js";
export {
  type NormalizedSharpness,
  type NormalizedSharpnessOptions,
  normalizedSharpness,
} from "./normalized-sharpness.js";
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
export {
  type LangevinOptions,
  langevinCovariance,
  type SgdCovarianceOptions,
  type StationaryCovariance,
  type StationaryOptions,
  sgdCovariance,
} from "./stationary-covariance.js";
export type { AscentOptions, AscentReport, AscentStart, Sharpness } from "./summit-search.js";
