export { type SymmetricEigen, type SymmetricEigenOptions, symmetricEigen } from "./dense/eigh.js";
export type { EstimateOptions } from "./estimate-options.js";
export { type DiagonalEstimate, diagonalEstimate } from "./estimates/diagonal.js";
export {
  type HutchPlusPlusEstimate,
  type HutchPlusPlusOptions,
  hutchPlusPlusTrace,
} from "./estimates/hutch-plus-plus.js";
export { hutchinsonTrace } from "./estimates/hutchinson.js";
export { type QuadratureMoments, quadratureMoments, quadratureTrace } from "./estimates/quadrature.js";
export type { SampleMean } from "./estimates/sample-mean.js";
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
export { frobeniusEstimate } from "./frobenius.js";
export { type LanczosOptions, type LanczosResult, lanczos } from "./krylov/lanczos.js";
export { type PowerIterationOptions, type PowerIterationResult, powerIteration } from "./krylov/power.js";
export { matrixOperator } from "./matrix-operator.js";
export type { LinearOperator } from "./operator.js";
export { type Product, productOperator } from "./product-operator.js";
export { restrictedOperator } from "./restricted-operator.js";
export type { Estimate, IterationReport, IterationStatus } from "./result.js";
export { scaledOperator } from "./scaled-operator.js";
export { shiftedOperator } from "./shifted-operator.js";
export { sumOperator } from "./sum-operator.js";
