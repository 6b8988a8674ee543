import { rowMajor, sizeOf, type Tensor } from "../tensor/view.js";
import { mul, sub, where } from "./arithmetic.js";
import { type ReduceOptions, reducedShapes } from "./reduce.js";
import { broadcastTo, reshape, sumTo } from "./shape.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, untraced, type Value } from "./value.js";

// Where one p is nearly 1, 1 − p and p − p² cancel. The rules below measure everything from the largest element, whose
// own share is then a sum over the others, so that derivatives of every order keep their relative accuracy.

/** The parameter is the shape with reduced axes of extent 1. */
type Reduced = Operation<readonly number[]>;

interface Pieces {
  /** The largest element over the reduced axes, and 1 at one place where it stands. */
  readonly largest: Tensor;
  readonly top: Tensor;
  /** e^(x − largest), and its sum without the top one. */
  readonly exponentials: Tensor;
  readonly others: Tensor;
}

/** What all three functions are computed from; constants to derivatives. */
function pieces(x: Tensor, shape: readonly number[]): Pieces {
  const largest = firstLargest(x, shape);
  const spread = broadcastTo(largest.value, x.shape) as Tensor;
  const exponentials = rowMajor(
    x.data.map((value, i) => (value === spread.data[i] ? 1 : Math.exp(value - spread.data[i]))),
    x.shape,
  );
  const others = sumTo(
    rowMajor(
      exponentials.data.map((value, i) => (largest.top.data[i] === 1 ? 0 : value)),
      x.shape,
    ),
    shape,
  ) as Tensor;
  return { largest: largest.value, top: largest.top, exponentials, others };
}

function firstLargest(x: Tensor, shape: readonly number[]): { value: Tensor; top: Tensor } {
  // Positions of the reduced tensor, stretched: which group an element belongs to.
  const groups = rowMajor(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => i),
    shape,
  );
  const groupOf = (broadcastTo(groups, x.shape) as Tensor).data;
  const value = new Float64Array(groups.data.length).fill(Number.NEGATIVE_INFINITY);
  const place = new Int32Array(groups.data.length).fill(-1);
  x.data.forEach((entry, i) => {
    const group = groupOf[i];
    if (place[group] < 0 || entry > value[group] || Number.isNaN(entry)) {
      value[group] = entry;
      place[group] = i;
    }
  });
  const top = new Float64Array(x.data.length);
  for (const i of place) if (i >= 0) top[i] = 1;
  return { value: rowMajor(value, shape), top: rowMajor(top, x.shape) };
}

const topOf = (x: Value, shape: readonly number[]): Tensor => firstLargest(untraced(x), shape).top;

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
      const { exponentials, others } = pieces(x, shape);
      const total = (broadcastTo(others, x.shape) as Tensor).data;
      return rowMajor(
        exponentials.data.map((value, i) => value / (1 + total[i])),
        x.shape,
      );
    },
    jvp: ([dx], [x], p, shape) => softmaxDerivative(dx as Value, p, topOf(x, shape), shape),
    vjp: (_index, g, [x], p, shape) => softmaxDerivative(g, p, topOf(x, shape), shape),
  },
  logSumExp: {
    name: "logSumExp",
    run: ([x], shape) => {
      const { largest, others } = pieces(x, shape);
      return rowMajor(
        largest.data.map((value, i) => value + Math.log1p(others.data[i])),
        shape,
      );
    },
    jvp: ([dx], [x], _y, shape) => sumTo(mul(dx as Value, applySoftmax(x, shape)), shape),
    vjp: (_index, g, [x], _y, shape) => mul(broadcastTo(g, x.shape), applySoftmax(x, shape)),
  },
  logSoftmax: {
    name: "logSoftmax",
    run: ([x], shape) => {
      const { largest, others } = pieces(x, shape);
      const shift = (broadcastTo(largest, x.shape) as Tensor).data;
      const rest = (broadcastTo(others, x.shape) as Tensor).data;
      return rowMajor(
        x.data.map((value, i) => value - shift[i] - Math.log1p(rest[i])),
        x.shape,
      );
    },
    jvp: ([dx], [x], _y, shape) => {
      const shifted = fromTop(dx as Value, topOf(x, shape), shape);
      return sub(shifted, broadcastTo(sumTo(mul(applySoftmax(x, shape), shifted), shape), x.shape));
    },
    // g − p Σg = (1 − p) g − p Σ_others g, with 1 − p at the top as the sum of the other p.
    vjp: (_index, g, [x], _y, shape) => {
      const p = applySoftmax(x, shape);
      const top = topOf(x, shape);
      const rest = broadcastTo(sumTo(mul(p, sub(1, top)), shape), x.shape);
      const complement = where(top, rest, sub(1, p));
      return sub(mul(complement, g), mul(p, sub(broadcastTo(sumTo(g, shape), x.shape), g)));
    },
  },
};

function applySoftmax(x: Value, shape: readonly number[]): Value {
  return apply(softmaxOperations.softmax, [x], shape);
}

/** log Σ e^x over axes, stable for any finite x, to any order. @throws ArgumentError */
export function logSumExp(x: Operand, { axes, keepAxes = false }: ReduceOptions = {}): Value {
  const value = toValue("logSumExp", x);
  const { kept, dropped } = reducedShapes("logSumExp", value.shape, axes);
  const result = apply(softmaxOperations.logSumExp, [value], kept);
  return keepAxes ? result : reshape(result, dropped);
}

/** x − logSumExp(x) along one axis, the last by default: the logarithm of softmax. @throws ArgumentError */
export function logSoftmax(x: Operand, axis = -1): Value {
  const value = toValue("logSoftmax", x);
  return apply(softmaxOperations.logSoftmax, [value], reducedShapes("logSoftmax", value.shape, axis).kept);
}

/** e^x / Σ e^x along one axis, the last by default. @throws ArgumentError */
export function softmax(x: Operand, axis = -1): Value {
  const value = toValue("softmax", x);
  return apply(softmaxOperations.softmax, [value], reducedShapes("softmax", value.shape, axis).kept);
}
