export * from "../flatward-error.js";
export { add, div, equal, greater, mul, neg, sub, where } from "./arithmetic.js";
export { type CheckOptions, type CheckReport, type CheckRow, checkGrads, type Mode } from "./check.js";
export { conv2d } from "./convolution.js";
export {
  cos,
  erf,
  exp,
  expm1,
  gelu,
  log,
  log1p,
  normalCdf,
  reciprocal,
  relu,
  sechSquared,
  sigmoid,
  silu,
  sin,
  softplus,
  sqrt,
  square,
  tanh,
} from "./elementary.js";
export { type MatmulOptions, matmul } from "./matmul.js";
export { batchNorm } from "./normalization.js";
export { defineOperation, type OperationName, operations } from "./operations.js";
export { averagePool2d, maxPool2d } from "./pooling.js";
export { dot, max, mean, norm, type ReduceOptions, sum } from "./reduce.js";
export { broadcastTo, concatenate, gather, reshape, slice, stack, sumTo, transpose } from "./shape.js";
export { logSoftmax, logSumExp, softmax } from "./softmax.js";
export type { Differentiable, GradientOf, Parameters, ParametersFor } from "./structure.js";
export { type Operation, RuleError } from "./trace.js";
export {
  ConstantOutputError,
  type GradientOptions,
  grad,
  hessian,
  hvp,
  item,
  jacobian,
  jvp,
  valueAndGrad,
  vjp,
} from "./transforms.js";
export { type Operand, Traced, TraceError, type Value } from "./value.js";
export type { WindowOptions } from "./windows.js";
