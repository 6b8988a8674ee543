export * from "../bounds/index.js";
export type { Route, RouteOptions } from "./contract.js";
export type { DirectionScaling } from "./forms.js";
export { layerMoments } from "./layer-moments.js";
export { spectralMoments } from "./moments.js";
export { type HsrForm, type HsrOptions, hsrObjective } from "./objective.js";
export { type SpectralBoundsOptions, spectralBounds } from "./spectral-bounds.js";
export { splitMoments } from "./split-moments.js";
export { type WsUpperBound, wsUpperBoundAndGradient } from "./upper-bound.js";
