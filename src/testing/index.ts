export { type BatchOptions, batchFor } from "./batch.js";
export { type NetworkOptions, network } from "./network.js";
export { parametersFor } from "./parameters.js";
export { type Problem, problem } from "./problem.js";
export { type SymmetricMatrixOptions, symmetricMatrix } from "./symmetric-matrix.js";
