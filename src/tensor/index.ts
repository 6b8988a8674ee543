export { addScaled, plusScaled } from "./elementwise.js";
export { gemm, matmul } from "./matmul.js";
export { type Float64NdArray, fromNdarray, toNdarray } from "./ndarray.js";
export { addColumnSums, dot, maxAbs, norm } from "./reduce.js";
export {
  columnRange,
  type MatrixLike,
  matrixView,
  rowRange,
  type Tensor,
  type TensorLike,
  tensor,
  transpose,
  zeros,
} from "./view.js";
