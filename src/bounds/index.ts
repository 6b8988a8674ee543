export * from "../flatward-error.js";
export type { ParameterRange } from "../tensor/view.js";
export { blockNormBounds } from "./block-norms.js";
export { type CentralMoments, centralMoments } from "./central-moments.js";
export type { HessianRankBound, LayerMoments, ResidualUnit, SplitMoments } from "./facts.js";
export { fourMomentBounds } from "./four-moments.js";
export { gershgorinBounds } from "./gershgorin.js";
export { matrixMoments } from "./matrix.js";
export { rankWsBounds } from "./rank.js";
export { type MatrixBoundsOptions, matrixBounds, type SpectralBound, type SpectralBounds } from "./report.js";
export type { BoundCost, BoundName } from "./table.js";
export {
  type ExtremeBounds,
  type Interval,
  type SpectralMoments,
  type WsBounds,
  wsBounds,
  wsEigenvalueBounds,
} from "./wolkowicz-styan.js";
