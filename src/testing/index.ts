export * from "../flatward-error.js";
export { type BatchOptions, batchFor } from "./batch.js";
export { type MultilayerNetworkOptions, multilayerNetwork } from "./multilayer-network.js";
export { type NetworkOptions, network } from "./network.js";
export { type ParametersOptions, parametersFor } from "./parameters.js";
export { multilayerProblem, type Problem, problem } from "./problem.js";
export { type SequentialNetworkOptions, sequentialNetwork } from "./sequential-network.js";
export { type SpectrumOptions, spectrum } from "./spectrum.js";
export {
  type SymmetricMatrixKind,
  type SymmetricMatrixOptions,
  symmetricMatrix,
  symmetricMatrixKinds,
} from "./symmetric-matrix.js";
