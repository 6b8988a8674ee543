import { inFunction } from "../errors.js";
import { positivePart } from "../tensor/elementwise.js";
import { erf as erfKernel, normalDistribution } from "../tensor/special.js";
import { withData } from "../tensor/view.js";
import { add, div, mul, neg } from "./arithmetic.js";
import { linearOperations } from "./linear.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, untraced, type Value } from "./value.js";

/** An elementwise operation by its function and its derivative; both rules multiply by the derivative. */
function elementwise(
  name: string,
  f: (x: number) => number,
  derivative: (x: Value, y: Value) => Value,
): Operation {
  return {
    name,
    run([x]) {
      const out = new Float64Array(x.data.length);
      for (let i = 0; i < out.length; i++) out[i] = f(x.data[i]);
      return withData(x, out);
    },
    jvp: ([dx], [x], y) => mul(dx as Value, derivative(x, y)),
    vjp: (_index, g, [x], y) => mul(g, derivative(x, y)),
  };
}

/** The derivative of relu at x, applied: x is a constant to it. */
function gated(input: Value, x: Value): Value {
  return apply(linearOperations.gate, [input], untraced(x));
}

/** The derivative of sign, and all of its own: 0, and NaN at 0, where there is none. */
const signSlope: Operation = elementwise(
  "signSlope",
  (x) => (x === 0 ? Number.NaN : 0),
  (x) => apply(signSlope, [x], undefined),
);

const TWO_OVER_SQRT_PI = 1.1283791670955126;
const INVERSE_SQRT_2PI = 0.3989422804014327;

function sigmoidOf(x: number): number {
  const q = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + q) : q / (1 + q);
}

/** 1/cosh² = 1 − tanh², which would cancel in the tails. */
function sechSquaredOf(x: number): number {
  const q = Math.exp(-2 * Math.abs(x));
  return (4 * q) / ((1 + q) * (1 + q));
}

export const elementaryOperations = {
  exp: elementwise("exp", Math.exp, (_x, y) => y),
  log: elementwise("log", Math.log, (x) => reciprocal(x)),
  log1p: elementwise("log1p", Math.log1p, (x) => reciprocal(add(x, 1))),
  expm1: elementwise("expm1", Math.expm1, (x) => exp(x)),
  sqrt: elementwise("sqrt", Math.sqrt, (_x, y) => div(0.5, y)),
  square: elementwise(
    "square",
    (x) => x * x,
    (x) => mul(x, 2),
  ),
  reciprocal: elementwise(
    "reciprocal",
    (x) => 1 / x,
    (_x, y) => neg(square(y)),
  ),
  sin: elementwise("sin", Math.sin, (x) => cos(x)),
  cos: elementwise("cos", Math.cos, (x) => neg(sin(x))),
  atan: elementwise("atan", Math.atan, (x) => reciprocal(add(square(x), 1))),
  sinh: elementwise("sinh", Math.sinh, (x) => cosh(x)),
  cosh: elementwise("cosh", Math.cosh, (x) => sinh(x)),
  abs: elementwise("abs", Math.abs, (x) => sign(x)),
  sign: elementwise("sign", Math.sign, (x) => apply(signSlope, [x], undefined)),
  tanh: elementwise("tanh", Math.tanh, (x) => sechSquared(x)),
  sechSquared: elementwise("sechSquared", sechSquaredOf, (x, y) => mul(-2, mul(tanh(x), y))),
  sigmoid: elementwise("sigmoid", sigmoidOf, (x, y) => mul(y, sigmoid(neg(x)))),
  softplus: elementwise(
    "softplus",
    (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    (x) => sigmoid(x),
  ),
  erf: elementwise("erf", erfKernel, (x) => mul(TWO_OVER_SQRT_PI, exp(neg(square(x))))),
  normalCdf: elementwise("normalCdf", normalDistribution, (x) =>
    mul(INVERSE_SQRT_2PI, exp(mul(-0.5, square(x)))),
  ),
  relu: {
    name: "relu",
    run([x]) {
      const out = new Float64Array(x.data.length);
      positivePart(out, x.data);
      return withData(x, out);
    },
    jvp: ([dx], [x]) => gated(dx as Value, x),
    vjp: (_index, g, [x]) => gated(g, x),
  },
} satisfies Record<string, Operation>;

const unary =
  (operation: Operation) =>
  (x: Operand): Value =>
    inFunction(operation.name, () => apply(operation, [toValue(x)], undefined));

/** e^x. */
export const exp = unary(elementaryOperations.exp);
/** Natural logarithm; NaN below 0, −∞ at 0. */
export const log = unary(elementaryOperations.log);
/** log(1 + x), accurate near 0. */
export const log1p = unary(elementaryOperations.log1p);
/** e^x − 1, accurate near 0. */
export const expm1 = unary(elementaryOperations.expm1);
/** Square root; its derivative is infinite at 0. */
export const sqrt = unary(elementaryOperations.sqrt);
/** x². */
export const square = unary(elementaryOperations.square);
/** 1/x. */
export const reciprocal = unary(elementaryOperations.reciprocal);
/** sin x. */
export const sin = unary(elementaryOperations.sin);
/** cos x. */
export const cos = unary(elementaryOperations.cos);
/** arctan x. */
export const atan = unary(elementaryOperations.atan);
/** sinh x. */
export const sinh = unary(elementaryOperations.sinh);
/** cosh x. */
export const cosh = unary(elementaryOperations.cosh);
/** |x|; the derivative at 0 is taken to be 0, the least subgradient, and higher ones are NaN there. */
export const abs = unary(elementaryOperations.abs);
/** −1, 0 or 1; the derivative is 0, and NaN at 0, where it has none. */
export const sign = unary(elementaryOperations.sign);
/** tanh x. */
export const tanh = unary(elementaryOperations.tanh);
/** 1/cosh²(x), the derivative of tanh, accurate in the tails. */
export const sechSquared = unary(elementaryOperations.sechSquared);
/** 1/(1 + e^−x). */
export const sigmoid = unary(elementaryOperations.sigmoid);
/** log(1 + e^x). */
export const softplus = unary(elementaryOperations.softplus);
/** The error function. */
export const erf = unary(elementaryOperations.erf);
/** The standard normal distribution function, accurate in both tails. */
export const normalCdf = unary(elementaryOperations.normalCdf);
/** max(x, 0); the derivative at 0 is taken to be 0. */
export const relu = unary(elementaryOperations.relu);

/** x·σ(x). */
export function silu(x: Operand): Value {
  return inFunction("silu", () => {
    const value = toValue(x);
    return mul(value, sigmoid(value));
  });
}

/** x·Φ(x), with the exact normal distribution function. */
export function gelu(x: Operand): Value {
  return inFunction("gelu", () => {
    const value = toValue(x);
    return mul(value, normalCdf(value));
  });
}
