export {
  type LargestEigenvalueOptions,
  largestEigenvalueObjective,
} from "../regularizers/largest-eigenvalue.js";
export { type BlockName, hessianBlock, hessianBlockOperator } from "./block.js";
export { type DirectionalCurvature, directionalCurvature } from "./directional-curvature.js";
export { exactHessian } from "./exact.js";
export type { EigenSolver, EigenSolverOptions } from "./largest-eigenpair.js";
export { hessianOperator, hessianVectorProduct } from "./operator.js";
export { type HessianRankBound, hessianRankBound } from "./rank.js";
export { gaussNewtonMatrix, gaussNewtonOperator, residualMatrix, residualOperator } from "./split.js";
