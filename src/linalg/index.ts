export * from "../flatward-error.js";
export { type SymmetricEigen, type SymmetricEigenOptions, symmetricEigen } from "./dense/eigh.js";
export { type SymmetryOptions, symmetricPart } from "./dense/symmetric-part.js";
export { type DiagonalEstimate, diagonalEstimate } from "./estimates/diagonal.js";
export {
  type HutchPlusPlusEstimate,
  type HutchPlusPlusOptions,
  hutchPlusPlusTrace,
} from "./estimates/hutch-plus-plus.js";
export { frobeniusEstimate, hutchinsonTrace } from "./estimates/hutchinson.js";
export { type QuadratureMoments, quadratureMoments, quadratureTrace } from "./estimates/quadrature.js";
export type { EstimateOptions, SampleMean } from "./estimates/sample-mean.js";
export {
  type LanczosQuadrature,
  type LanczosQuadratureOptions,
  stochasticLanczosQuadrature,
} from "./estimates/slq.js";
export {
  type SpectralDensity,
  type SpectralDensityOptions,
  spectralDensity,
} from "./estimates/spectral-density.js";
export { type LanczosOptions, type LanczosResult, lanczos } from "./krylov/lanczos.js";
export { type PowerIterationOptions, type PowerIterationResult, powerIteration } from "./krylov/power.js";
export {
  asOperator,
  type LinearOperator,
  matrixOperator,
  type Operator,
  type Product,
  productOperator,
} from "./operator.js";
export type { Estimate, IterationReport, IterationStatus } from "./result.js";
