export * from "../flatward-error.js";
export { type BatchOptions, batchFor } from "./batch.js";
export { type NetworkOptions, network } from "./network.js";
export { parametersFor } from "./parameters.js";
export { type Problem, problem } from "./problem.js";
export { type SequentialNetworkOptions, sequentialNetwork } from "./sequential-network.js";
export { type SpectrumOptions, spectrum } from "./spectrum.js";
export {
  type SymmetricMatrixKind,
  type SymmetricMatrixOptions,
  symmetricMatrix,
  symmetricMatrixKinds,
} from "./symmetric-matrix.js";
