export type { HessianRankBound } from "../bounds/facts.js";
export * from "../flatward-error.js";
export { hessianBlock, hessianBlockOperator } from "./block.js";
export { type DirectionalCurvature, directionalCurvature } from "./directional-curvature.js";
export { exactHessian } from "./exact.js";
export { hessianOperator, hessianVectorProduct } from "./operator.js";
export { hessianRankBound } from "./rank.js";
export { gaussNewtonMatrix, gaussNewtonOperator, residualMatrix, residualOperator } from "./split.js";
