export * from "./bounds/index.js";
export {
  ArgumentError,
  ConvergenceError,
  type ErrorCode,
  type ErrorParts,
  FlatwardError,
  LabelError,
  NonFiniteError,
  ShapeError,
  SymmetryError,
} from "./errors.js";
export * from "./hessian/index.js";
export * from "./hsr/index.js";
export * from "./landscape/index.js";
export * from "./linalg/index.js";
export * from "./nn/index.js";
export * from "./optim/index.js";
export { type RandomStream, randomStream } from "./random.js";
export * from "./regularizers/index.js";
export {
  type Float64NdArray,
  fromNdarray,
  type MatrixLike,
  type Tensor,
  type TensorLike,
  tensor,
  toNdarray,
} from "./tensor/index.js";
