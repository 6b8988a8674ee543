import { randomStream, type TensorLike } from "flatward";
import {
  abs,
  add,
  atan,
  averagePool2d,
  batchNorm,
  broadcastTo,
  clip,
  concatenate,
  conv2d,
  cos,
  cosh,
  div,
  erf,
  exp,
  expm1,
  gather,
  gelu,
  greater,
  jvp,
  log,
  log1p,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  maxPool2d,
  mean,
  minimum,
  mul,
  neg,
  norm,
  normalCdf,
  type Operand,
  type OperationName,
  pow,
  prod,
  reciprocal,
  relu,
  reshape,
  sechSquared,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  slice,
  softmax,
  softplus,
  sqrt,
  square,
  stack,
  stopGradient,
  sub,
  sum,
  sumTo,
  tanh,
  transpose,
  type Value,
  variance,
  where,
} from "flatward/autodiff";

/** A function to check, and where. */
export interface Example {
  readonly f: (x: Readonly<Record<string, Value>>) => Value;
  readonly at: Readonly<Record<string, Operand>>;
}

const draws = randomStream(11, "autodiff examples");

/** A tensor of normal entries, of positive ones on request. */
export function random(shape: readonly number[], positive = false): TensorLike {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return {
    data: Float64Array.from({ length: size }, () =>
      positive ? 0.2 + Math.abs(draws.normal()) : draws.normal(),
    ),
    shape,
  };
}

const unary = (f: (x: Value) => Value, positive = false): Example => ({
  f: ({ x }) => f(x),
  at: { x: random([2, 3], positive) },
});

/** Both sides stretch: (2,1,3) with (4,1). */
const stretched = (f: (x: Value, y: Value) => Value, positive = false): Example => ({
  f: ({ x, y }) => f(x, y),
  at: { x: random([2, 1, 3]), y: random([4, 1], positive) },
});

/** An example of every operation: a new one without an example does not compile. A square makes linear ones curved. */
export const operationExamples: { readonly [Name in OperationName]: Example } = {
  add: stretched((x, y) => square(add(x, y))),
  sub: stretched((x, y) => square(sub(x, y))),
  mul: stretched((x, y) => mul(x, y)),
  div: stretched((x, y) => div(x, y), true),
  neg: unary((x) => square(neg(x))),
  select: stretched((x, y) => where(greater(x, y), square(x), sin(y))),
  broadcastTo: { f: ({ x }) => square(broadcastTo(x, [3, 2, 4])), at: { x: random([2, 1]) } },
  sumTo: { f: ({ x }) => square(sumTo(x, [2, 1])), at: { x: random([3, 2, 4]) } },
  reshape: { f: ({ x }) => square(reshape(x, [3, -1])), at: { x: random([2, 6]) } },
  transpose: {
    f: ({ x, y }) => mul(transpose(x, [2, 0, 1]), y),
    at: { x: random([2, 3, 2]), y: random([2, 2, 3]) },
  },
  gate: { f: ({ x }) => relu(square(sub(x, 0.1))), at: { x: random([2, 3]) } },
  slice: { f: ({ x }) => square(slice(x, [1, 0], [3, 2])), at: { x: random([3, 3]) } },
  embed: { f: ({ x }) => square(slice(sin(x), [1], [3])), at: { x: random([4]) } },
  concatenate: {
    f: ({ x, y }) => square(concatenate([x, y, [[1], [2]], x], 1)),
    at: { x: random([2, 1]), y: random([2, 3]) },
  },
  gather: { f: ({ x }) => square(gather(x, [2, 0, 2])), at: { x: random([3, 2]) } },
  scatterAdd: {
    f: ({ x }) => mul(gather(sin(x), [1, 1, 0]), gather(x, [0, 2, 2])),
    at: { x: random([3, 2]) },
  },
  exp: unary(exp),
  log: unary(log, true),
  log1p: unary(log1p, true),
  expm1: unary(expm1),
  sqrt: unary(sqrt, true),
  square: unary((x) => square(square(x))),
  reciprocal: unary(reciprocal, true),
  sin: unary(sin),
  cos: unary(cos),
  atan: unary(atan),
  sinh: unary(sinh),
  cosh: unary(cosh),
  abs: unary((x) => mul(abs(x), x)),
  sign: unary((x) => mul(sign(x), square(x))),
  maximum: stretched((x, y) => square(maximum(x, y))),
  minimum: stretched((x, y) => square(minimum(x, y))),
  pow: unary((x) => pow(x, -1.7), true),
  tanh: unary(tanh),
  sechSquared: unary(sechSquared),
  sigmoid: unary(sigmoid),
  softplus: unary(softplus),
  erf: unary(erf),
  normalCdf: unary(normalCdf),
  relu: unary((x) => mul(relu(x), x)),
  matmul: {
    f: ({ a, b }) => matmul(a, b, { transposeA: true, transposeB: true }),
    at: { a: random([2, 4, 3]), b: random([2, 2, 4]) },
  },
  maxTo: { f: ({ x }) => mul(max(x, { axes: 1, keepAxes: true }), x), at: { x: random([3, 4]) } },
  softmax: unary((x) => softmax(x)),
  logSumExp: unary((x) => logSumExp(x, { axes: 0 })),
  logSoftmax: unary((x) => logSoftmax(x)),
  conv2d: {
    f: ({ x, w }) => conv2d(x, w, { stride: 2, padding: 1 }),
    at: { x: random([2, 2, 4, 5]), w: random([2, 2, 3, 2]) },
  },
  conv2dImages: {
    f: ({ x, w }) => conv2d(sin(x), w),
    at: { x: random([1, 1, 3, 3]), w: random([1, 1, 2, 2]) },
  },
  conv2dFilters: {
    f: ({ x, w }) => conv2d(x, sin(w)),
    at: { x: random([2, 1, 3, 3]), w: random([1, 1, 2, 2]) },
  },
  maxPool2d: { f: ({ x }) => square(maxPool2d(x, 2)), at: { x: random([1, 2, 4, 4]) } },
  meanOfSelected: {
    f: ({ x }) => mul(maxPool2d(x, 2, { stride: 1 }), sin(maxPool2d(x, 2, { stride: 1 }))),
    at: { x: random([1, 1, 3, 3]) },
  },
  averagePool2d: {
    f: ({ x }) => square(averagePool2d(x, 3, { stride: 2, padding: 1 })),
    at: { x: random([2, 1, 4, 5]) },
  },
  averagePool2dImages: {
    f: ({ x }) => averagePool2d(sin(x), 2, { stride: 1 }),
    at: { x: random([1, 2, 3, 3]) },
  },
  addToSelected: { f: ({ x }) => maxPool2d(square(x), 2, { stride: 1 }), at: { x: random([1, 1, 3, 3]) } },
  // Both factors have a tangent where a product is differentiated twice.
  addProducts: stretched((x, y) => jvp((z: Value) => mul(mul(z, x), sin(z)), y, cos(y)).tangent),
};

/** What is put together from operations, and shapes that the table above leaves out. */
export const compositeExamples: Readonly<Record<string, Example>> = {
  silu: unary(silu),
  gelu: unary(gelu),
  "logSumExp over everything": unary((x) => logSumExp(x)),
  "softmax along the first axis": unary((x) => softmax(x, 0)),
  "mean over the last axis": unary((x) => square(mean(x, { axes: -1 }))),
  "sum of everything": unary((x) => square(sum(x))),
  norm: unary((x) => norm(x)),
  clip: {
    f: ({ x, y }) => square(clip(x, -0.5, add(square(y), 0.1))),
    at: { x: random([2, 3]), y: random([3]) },
  },
  "powers of signed numbers": unary((x) => add(pow(x, 3), pow(x, -2))),
  "powers whose exponents vary": stretched((x, y) => pow(add(square(x), 1), y)),
  prod: unary((x) => prod(x)),
  "prod over one axis of three": { f: ({ x }) => prod(x, { axes: 1 }), at: { x: random([2, 3, 2]) } },
  "prod with two zeros": { f: ({ x }) => prod(x), at: { x: [0, 2, 0, -1, 3] } },
  variance: unary((x) => variance(x)),
  "variance, corrected, over the first axis": unary((x) =>
    variance(x, { axes: 0, correction: 1, keepAxes: true }),
  ),
  "a constant among others": unary((x) => mul(x, sin(mul(stopGradient([1, 2, 3]), x)))),
  "concatenated along the last axis": {
    f: ({ x, y }) => square(concatenate([x, y], -1)),
    at: { x: random([2, 1]), y: random([2, 3]) },
  },
  stack: { f: ({ x, y }) => mul(stack([x, y]), stack([y, x])), at: { x: random([3]), y: random([3]) } },
  "matrix times matrix": { f: ({ a, b }) => matmul(a, b), at: { a: random([2, 3]), b: random([3, 2]) } },
  "a batch times one matrix": {
    f: ({ a, b }) => matmul(a, b, { transposeB: true }),
    at: { a: random([2, 2, 3]), b: random([2, 3]) },
  },
  "matmul, first factor transposed": {
    f: ({ a, b }) => matmul(a, b, { transposeA: true }),
    at: { a: random([3, 2]), b: random([3, 2]) },
  },
  "average pooling with overlap": {
    f: ({ x }) => square(averagePool2d(x, 2, { stride: 1, padding: 1 })),
    at: { x: random([1, 1, 3, 3]) },
  },
  "batch normalisation": {
    f: ({ x, g, b }) => batchNorm(x, g, b, [0]),
    at: { x: random([4, 2]), g: random([2]), b: random([2]) },
  },
};
