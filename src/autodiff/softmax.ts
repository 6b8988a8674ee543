import { inFunction } from "../errors.js";
import { rowMajor, sizeOf, type Tensor } from "../tensor/view.js";
import { mul, sub, where } from "./arithmetic.js";
import { finish, type ReduceOptions, reducedShapes, reduceOptionsOf } from "./reduce.js";
import { broadcastTo, sumTo } from "./shape.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, untraced, type Value } from "./value.js";

// Where one p is nearly 1, 1 − p and p − p² cancel. The rules below measure everything from the largest element, whose
// own share is then a sum over the others, so that derivatives of every order keep their relative accuracy.

/** The parameter is the shape with reduced axes of extent 1. */
type Reduced = Operation<readonly number[]>;

/** What all three functions are computed from; constants to derivatives. */
interface Pieces {
  /** The group of every element: its position in the reduced tensor. */
  readonly group: Int32Array;
  /** Per group: the largest element, and Σ e^(x − largest) without it. */
  readonly largest: Float64Array;
  readonly others: Float64Array;
  /** e^(x − largest). */
  readonly exponentials: Float64Array;
  /** 1 at the largest element of each group (the first one of several), 0 elsewhere. */
  readonly top: Tensor;
}

function piecesOf(x: Tensor, shape: readonly number[]): Pieces {
  const count = sizeOf(shape);
  const positions = rowMajor(
    Float64Array.from({ length: count }, (_, i) => i),
    shape,
  );
  const group = Int32Array.from((broadcastTo(positions, x.shape) as Tensor).data);
  const place = new Int32Array(count).fill(-1);
  const largest = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < group.length; i++) {
    const g = group[i];
    const value = x.data[i];
    if (place[g] < 0 || value > largest[g] || Number.isNaN(value)) {
      place[g] = i;
      largest[g] = value;
    }
  }
  const exponentials = new Float64Array(group.length);
  const others = new Float64Array(count);
  const top = new Float64Array(group.length);
  for (let i = 0; i < group.length; i++) {
    const g = group[i];
    // Of nothing but −∞ there is no share.
    if (largest[g] === Number.NEGATIVE_INFINITY) continue;
    if (place[g] === i) {
      exponentials[i] = 1;
      top[i] = 1;
    } else {
      // Equal ones have equal shares, infinite ones too, whose difference is no number.
      exponentials[i] = x.data[i] === largest[g] ? 1 : Math.exp(x.data[i] - largest[g]);
      others[g] += exponentials[i];
    }
  }
  return { group, largest, others, exponentials, top: rowMajor(top, x.shape) };
}

/** Where the largest elements stand, by the result they belong to: the rules need them again. */
const tops = new WeakMap<Tensor, Tensor>();

function remembering(output: Tensor, { top }: Pieces): Tensor {
  tops.set(output, top);
  return output;
}

function topOf(output: Value): Tensor {
  return tops.get(untraced(output)) as Tensor;
}

/** dx − dx at the top. */
function fromTop(dx: Value, top: Tensor, shape: readonly number[]): Value {
  return sub(dx, broadcastTo(sumTo(mul(dx, top), shape), dx.shape));
}

/** J dx = p ∘ (dx − Σ p dx), for the symmetric Jacobian J of softmax; J 1 = 0 allows to measure dx from the top. */
function softmaxDerivative(dx: Value, p: Value, top: Tensor, shape: readonly number[]): Value {
  const shifted = fromTop(dx, top, shape);
  return mul(p, sub(shifted, broadcastTo(sumTo(mul(p, shifted), shape), p.shape)));
}

export const softmaxOperations: Readonly<Record<"softmax" | "logSumExp" | "logSoftmax", Reduced>> = {
  softmax: {
    name: "softmax",
    run: ([x], shape) => {
      const pieces = piecesOf(x, shape);
      const { group, others, exponentials } = pieces;
      const p = new Float64Array(group.length);
      for (let i = 0; i < p.length; i++) p[i] = exponentials[i] / (1 + others[group[i]]);
      return remembering(rowMajor(p, x.shape), pieces);
    },
    jvp: ([dx], _inputs, p, shape) => softmaxDerivative(dx as Value, p, topOf(p), shape),
    vjp: (_index, g, _inputs, p, shape) => softmaxDerivative(g, p, topOf(p), shape),
  },
  logSumExp: {
    name: "logSumExp",
    run: ([x], shape) => {
      const { largest, others } = piecesOf(x, shape);
      return rowMajor(
        largest.map((value, i) => value + Math.log1p(others[i])),
        shape,
      );
    },
    jvp: ([dx], [x], _y, shape) => sumTo(mul(dx as Value, applySoftmax(x, shape)), shape),
    vjp: (_index, g, [x], _y, shape) => mul(broadcastTo(g, x.shape), applySoftmax(x, shape)),
  },
  logSoftmax: {
    name: "logSoftmax",
    run: ([x], shape) => {
      const pieces = piecesOf(x, shape);
      const { group, largest, others } = pieces;
      const rest = others.map(Math.log1p);
      const out = new Float64Array(group.length);
      for (let i = 0; i < out.length; i++) {
        const most = largest[group[i]];
        const below =
          x.data[i] === most && most > 0 ? 0 : x.data[i] - (most > Number.NEGATIVE_INFINITY ? most : 0);
        out[i] = below - rest[group[i]];
      }
      return remembering(rowMajor(out, x.shape), pieces);
    },
    jvp: ([dx], [x], y, shape) => {
      const shifted = fromTop(dx as Value, topOf(y), shape);
      return sub(shifted, broadcastTo(sumTo(mul(applySoftmax(x, shape), shifted), shape), x.shape));
    },
    // g − p Σg = (1 − p) g − p Σ_others g, with 1 − p at the top as the sum of the other p.
    vjp: (_index, g, [x], y, shape) => {
      const p = applySoftmax(x, shape);
      const top = topOf(y);
      const rest = broadcastTo(sumTo(mul(p, sub(1, top)), shape), x.shape);
      const complement = where(top, rest, sub(1, p));
      return sub(mul(complement, g), mul(p, sub(broadcastTo(sumTo(g, shape), x.shape), g)));
    },
  },
};

function applySoftmax(x: Value, shape: readonly number[]): Value {
  return apply(softmaxOperations.softmax, [x], shape);
}

/**
 * log Σ e^x over axes, stable for any x, to any order: −∞ of nothing, or of nothing but −∞, where all derivatives are 0; ∞
 * where any x is, among which derivatives are shared equally.
 * @throws ArgumentError
 * @example
 * import { item, logSumExp } from "flatward/autodiff";
 * console.log(item(logSumExp([1000, 1000])) - 1000); // → 0.6931471805598903
 */
export function logSumExp(x: Operand, options: ReduceOptions = {}): Value {
  return inFunction("logSumExp", () => {
    const { axes, keepAxes } = reduceOptionsOf("logSumExp", options);
    const value = toValue(x);
    const { kept, dropped } = reducedShapes("logSumExp", value.shape, axes);
    return finish(apply(softmaxOperations.logSumExp, [value], kept), dropped, keepAxes);
  });
}

/**
 * x − logSumExp(x) along one axis, the last by default: the logarithm of softmax. −∞ of nothing but −∞, where its
 * derivatives are those of x.
 * @throws ArgumentError
 * @example
 * import { logSoftmax } from "flatward/autodiff";
 * console.log(Array.from(logSoftmax([0, 1000]).data)); // → [ -1000, 0 ]
 */
export function logSoftmax(x: Operand, axis = -1): Value {
  return inFunction("logSoftmax", () => {
    const value = toValue(x);
    return apply(softmaxOperations.logSoftmax, [value], reducedShapes("logSoftmax", value.shape, axis).kept);
  });
}

/**
 * e^x / Σ e^x along one axis, the last by default: equal shares for those that are ∞, zeros of nothing but −∞.
 * @throws ArgumentError
 * @example
 * import { softmax } from "flatward/autodiff";
 * console.log(Array.from(softmax([0, Math.log(3)]).data, (p) => p.toFixed(4))); // → [ '0.2500', '0.7500' ]
 */
export function softmax(x: Operand, axis = -1): Value {
  return inFunction("softmax", () => {
    const value = toValue(x);
    return apply(softmaxOperations.softmax, [value], reducedShapes("softmax", value.shape, axis).kept);
  });
}
