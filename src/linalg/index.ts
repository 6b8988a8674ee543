export { type SymmetricEigen, type SymmetricEigenOptions, symmetricEigen } from "./eigh.js";
export type { LinearOperator } from "./operator.js";
