export { exactHessian } from "./exact.js";
export { lossObjective } from "./objective.js";
export { hessianOperator, hessianVectorProduct } from "./operator.js";
