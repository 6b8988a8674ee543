import { inFunction } from "../errors.js";
import { circular, sineAndCosine } from "../tensor/circular.js";
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

// Not Math.sin and Math.cos, whose last bits are the engine's.
function sineOf(x: number): number {
  if (x === 0) return x; // −0 too
  sineAndCosine(x);
  return circular[0];
}

function cosineOf(x: number): number {
  sineAndCosine(x);
  return circular[1];
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
  sin: elementwise("sin", sineOf, (x) => cos(x)),
  cos: elementwise("cos", cosineOf, (x) => neg(sin(x))),
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

/**
 * e^x.
 * @example
 * import { item, exp } from "flatward/autodiff";
 * console.log(item(exp(1)).toFixed(4)); // → 2.7183
 */
export const exp = unary(elementaryOperations.exp);
/**
 * Natural logarithm; NaN below 0, −∞ at 0.
 * @example
 * import { item, log } from "flatward/autodiff";
 * console.log(item(log(2)).toFixed(4)); // → 0.6931
 */
export const log = unary(elementaryOperations.log);
/**
 * log(1 + x), accurate near 0.
 * @example
 * import { item, log1p } from "flatward/autodiff";
 * console.log(item(log1p(1e-12)), Math.log(1 + 1e-12)); // → 9.999999999995e-13 1.000088900581841e-12
 */
export const log1p = unary(elementaryOperations.log1p);
/**
 * e^x − 1, accurate near 0.
 * @example
 * import { expm1, item } from "flatward/autodiff";
 * console.log(item(expm1(1e-12)), Math.exp(1e-12) - 1); // → 1.0000000000005e-12 1.000088900582341e-12
 */
export const expm1 = unary(elementaryOperations.expm1);
/**
 * Square root; its derivative is infinite at 0.
 * @example
 * import { sqrt } from "flatward/autodiff";
 * console.log(Array.from(sqrt([4, 9]).data)); // → [ 2, 3 ]
 */
export const sqrt = unary(elementaryOperations.sqrt);
/**
 * x².
 * @example
 * import { square } from "flatward/autodiff";
 * console.log(Array.from(square([-2, 3]).data)); // → [ 4, 9 ]
 */
export const square = unary(elementaryOperations.square);
/**
 * 1/x.
 * @example
 * import { reciprocal } from "flatward/autodiff";
 * console.log(Array.from(reciprocal([1, 2, 4]).data)); // → [ 1, 0.5, 0.25 ]
 */
export const reciprocal = unary(elementaryOperations.reciprocal);
/**
 * sin x.
 * @example
 * import { item, sin } from "flatward/autodiff";
 * console.log(item(sin(1)).toFixed(4)); // → 0.8415
 */
export const sin = unary(elementaryOperations.sin);
/**
 * cos x.
 * @example
 * import { item, cos } from "flatward/autodiff";
 * console.log(item(cos(1)).toFixed(4)); // → 0.5403
 */
export const cos = unary(elementaryOperations.cos);
/**
 * arctan x.
 * @example
 * import { item, atan } from "flatward/autodiff";
 * console.log(item(atan(1)).toFixed(4)); // → 0.7854
 */
export const atan = unary(elementaryOperations.atan);
/**
 * sinh x.
 * @example
 * import { item, sinh } from "flatward/autodiff";
 * console.log(item(sinh(1)).toFixed(4)); // → 1.1752
 */
export const sinh = unary(elementaryOperations.sinh);
/**
 * cosh x.
 * @example
 * import { item, cosh } from "flatward/autodiff";
 * console.log(item(cosh(1)).toFixed(4)); // → 1.5431
 */
export const cosh = unary(elementaryOperations.cosh);
/**
 * |x|; the derivative at 0 is taken to be 0, the least subgradient, and higher ones are NaN there.
 * @example
 * import { abs } from "flatward/autodiff";
 * console.log(Array.from(abs([-2, 0, 3]).data)); // → [ 2, 0, 3 ]
 */
export const abs = unary(elementaryOperations.abs);
/**
 * −1, 0 or 1; the derivative is 0, and NaN at 0, where it has none.
 * @example
 * import { sign } from "flatward/autodiff";
 * console.log(Array.from(sign([-3, 0, 2]).data)); // → [ -1, 0, 1 ]
 */
export const sign = unary(elementaryOperations.sign);
/**
 * tanh x.
 * @example
 * import { item, tanh } from "flatward/autodiff";
 * console.log(item(tanh(1)).toFixed(4)); // → 0.7616
 */
export const tanh = unary(elementaryOperations.tanh);
/**
 * 1/cosh²(x), the derivative of tanh, accurate in the tails.
 * @example
 * import { item, sechSquared } from "flatward/autodiff";
 * console.log(item(sechSquared(1)).toFixed(4)); // → 0.4200
 */
export const sechSquared = unary(elementaryOperations.sechSquared);
/**
 * 1/(1 + e^−x).
 * @example
 * import { item, sigmoid } from "flatward/autodiff";
 * console.log(item(sigmoid(1)).toFixed(4)); // → 0.7311
 */
export const sigmoid = unary(elementaryOperations.sigmoid);
/**
 * log(1 + e^x).
 * @example
 * import { item, softplus } from "flatward/autodiff";
 * console.log(item(softplus(0)).toFixed(4)); // → 0.6931
 */
export const softplus = unary(elementaryOperations.softplus);
/**
 * The error function.
 * @example
 * import { item, erf } from "flatward/autodiff";
 * console.log(item(erf(1)).toFixed(4)); // → 0.8427
 */
export const erf = unary(elementaryOperations.erf);
/**
 * The standard normal distribution function, accurate in both tails.
 * @example
 * import { item, normalCdf } from "flatward/autodiff";
 * console.log(item(normalCdf(1.96)).toFixed(4)); // → 0.9750
 */
export const normalCdf = unary(elementaryOperations.normalCdf);
/**
 * max(x, 0); the derivative at 0 is taken to be 0.
 * @example
 * import { relu } from "flatward/autodiff";
 * console.log(Array.from(relu([-1, 0, 2]).data)); // → [ 0, 0, 2 ]
 */
export const relu = unary(elementaryOperations.relu);

/**
 * x·σ(x).
 * @example
 * import { item, silu } from "flatward/autodiff";
 * console.log(item(silu(1)).toFixed(4)); // → 0.7311
 */
export function silu(x: Operand): Value {
  return inFunction("silu", () => {
    const value = toValue(x);
    return mul(value, sigmoid(value));
  });
}

/**
 * x·Φ(x), with the exact normal distribution function.
 * @example
 * import { item, gelu } from "flatward/autodiff";
 * console.log(item(gelu(1)).toFixed(4)); // → 0.8413
 */
export function gelu(x: Operand): Value {
  return inFunction("gelu", () => {
    const value = toValue(x);
    return mul(value, normalCdf(value));
  });
}
