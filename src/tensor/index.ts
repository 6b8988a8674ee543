export * from "../flatward-error.js";
export { type Backend, backend, useBackend } from "./backend.js";
export {
  addScaled,
  columnRange,
  dot,
  maxAbs,
  norm,
  plusScaled,
  rowRange,
  transpose,
} from "./checked.js";
export { matmul } from "./matmul.js";
export { type Float64NdArray, fromNdarray, toNdarray } from "./ndarray.js";
export { type MatrixLike, type Tensor, type TensorLike, tensor, zeros } from "./view.js";
