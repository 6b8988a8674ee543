export * from "../bounds/index.js";
export {
  type Interval,
  type SpectralMoments,
  type WsBounds,
  wsBounds,
  wsEigenvalueBounds,
} from "../bounds/wolkowicz-styan.js";
export type { Route, RouteOptions } from "./contract.js";
export type { DirectionScaling } from "./forms.js";
export { type LayerMoments, layerMoments } from "./layer-moments.js";
export { type FrobeniusOptions, frobeniusObjective, traceObjective } from "./moment-objectives.js";
export { spectralMoments } from "./moments.js";
export { type HsrForm, type HsrOptions, hsrObjective } from "./objective.js";
export { type ResidualUnit, type SplitMoments, splitMoments } from "./split-moments.js";
export { type WsUpperBound, wsUpperBoundAndGradient } from "./upper-bound.js";
