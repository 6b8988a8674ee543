export * from "../bounds/index.js";
export * from "../flatward-error.js";
export type { Route, RouteOptions } from "./contraction/route.js";
export { type MeanEstimate, meanEstimate } from "./estimates/mean-estimate.js";
export type { MethodOptions, MomentMethod } from "./estimates/method.js";
export type { SpectralMomentsEstimate } from "./estimates/moments.js";
export type { WsBoundEstimates } from "./estimates/statistics.js";
export type { WsUpperBoundEstimate } from "./estimates/upper-bound.js";
export type { ExplainedBound } from "./explain/bounds.js";
export {
  type BoundExplanation,
  type BoundShares,
  type ExplainOptions,
  explainBound,
} from "./explain/explain-bound.js";
export type { PairShare } from "./explain/largest.js";
export { gaussNewtonMoments } from "./gauss-newton/moments.js";
export { gaussNewtonUpperBoundAndGradient } from "./gauss-newton/upper-bound.js";
export { layerMoments } from "./layer-moments.js";
export { type MomentOptions, spectralMoments } from "./moments.js";
export type { BoundEffect, DirectionScaling } from "./objective/forms.js";
export type { HsrForm, HsrOptions } from "./objective/hsr-options.js";
export { type HsrSettings, hsrSettings } from "./objective/hsr-settings.js";
export { type HsrObjective, hsrObjective } from "./objective/objective.js";
export { type PreparedCurvature, prepareCurvature } from "./prepare-curvature.js";
export type { SampledMoments } from "./sampling/sampled-moments.js";
export type { Estimator, SamplingOptions } from "./sampling/sampling.js";
export { type SpectralBoundsOptions, spectralBounds } from "./spectral-bounds.js";
export { splitMoments } from "./split-moments.js";
export { type WsUpperBound, wsUpperBoundAndGradient } from "./upper-bound.js";
