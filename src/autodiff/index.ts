export * from "../flatward-error.js";
export { add, div, equal, greater, mul, neg, sub, where } from "./arithmetic.js";
export { type CheckOptions, type CheckReport, type CheckRow, checkGrads, type Mode } from "./check.js";
export { conv2d } from "./convolution.js";
export {
  abs,
  atan,
  cos,
  cosh,
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
  sign,
  silu,
  sin,
  sinh,
  softplus,
  sqrt,
  square,
  tanh,
} from "./elementary.js";
export { clip, maximum, minimum } from "./extrema.js";
export { type MatmulOptions, matmul } from "./matmul.js";
export { batchNorm, type VarianceOptions, variance } from "./normalization.js";
export { defineOperation, type OperationName, operations } from "./operations.js";
export { broadcastTo, prod, reshape, slice, sum, sumTo, transpose } from "./own-memory.js";
export { averagePool2d, maxPool2d } from "./pooling.js";
export { pow } from "./power.js";
export { dot, max, mean, norm, type ReduceOptions } from "./reduce.js";
export { concatenate, gather, stack, stopGradient } from "./shape.js";
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
export { jvps } from "./vmap.js";
export type { WindowOptions } from "./windows.js";
