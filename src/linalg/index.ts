export { type DiagonalEstimate, diagonalEstimate } from "./diagonal.js";
export { type SymmetricEigen, type SymmetricEigenOptions, symmetricEigen } from "./eigh.js";
export type { EstimateOptions } from "./estimate-options.js";
export { frobeniusEstimate } from "./frobenius.js";
export {
  type HutchPlusPlusEstimate,
  type HutchPlusPlusOptions,
  hutchPlusPlusTrace,
} from "./hutch-plus-plus.js";
export { type LanczosOptions, type LanczosResult, lanczos } from "./lanczos.js";
export { matrixOperator } from "./matrix-operator.js";
export type { LinearOperator } from "./operator.js";
export { type PowerIterationOptions, type PowerIterationResult, powerIteration } from "./power.js";
export { type Product, productOperator } from "./product-operator.js";
export { type QuadratureMoments, quadratureMoments, quadratureTrace } from "./quadrature.js";
export { restrictedOperator } from "./restricted-operator.js";
export type { Estimate, IterationReport, IterationStatus } from "./result.js";
export type { SampleMean } from "./sample-mean.js";
export { scaledOperator } from "./scaled-operator.js";
export { shiftedOperator } from "./shifted-operator.js";
export { type LanczosQuadrature, type LanczosQuadratureOptions, stochasticLanczosQuadrature } from "./slq.js";
export { type SpectralDensity, type SpectralDensityOptions, spectralDensity } from "./spectral-density.js";
export { sumOperator } from "./sum-operator.js";
export { hutchinsonTrace } from "./trace.js";
