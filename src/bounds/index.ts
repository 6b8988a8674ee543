export type { ExtremeBounds } from "../hsr/bounds/extremes.js";
export { blockNormBounds } from "./block-norms.js";
export { type CentralMoments, centralMoments } from "./central-moments.js";
export { fourMomentBounds } from "./four-moments.js";
export { gershgorinBounds } from "./gershgorin.js";
export { matrixMoments } from "./matrix.js";
export { rankWsBounds } from "./rank.js";
export {
  type MatrixBoundsOptions,
  matrixBounds,
  type SpectralBound,
  type SpectralBounds,
  type SpectralBoundsOptions,
  spectralBounds,
} from "./report.js";
export type { BoundCost, BoundName } from "./table.js";
