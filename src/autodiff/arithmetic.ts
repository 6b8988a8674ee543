import { broadcastShapes } from "../tensor/broadcast.js";
import { rowMajor, type Tensor, withData, zeros } from "../tensor/view.js";
import { broadcastTo } from "./shape.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, untraced, type Value } from "./value.js";

// Inputs of the four operations have one shape: the functions below stretch them first, so that stretching and its
// adjoint, summing, are operations of their own.

/** `dx` when it is not zero, summed with `dy` when that is not. */
function sumOf(dx: Value | null, dy: Value | null): Value {
  if (dx === null) return dy as Value;
  return dy === null ? dx : add(dx, dy);
}

/** Parameters of the operations below: `select` knows where its condition is not 0. */
export interface ArithmeticParameters {
  add: undefined;
  sub: undefined;
  mul: undefined;
  div: undefined;
  neg: undefined;
  select: Tensor;
}

type ArithmeticTable = {
  readonly [Name in keyof ArithmeticParameters]: Operation<ArithmeticParameters[Name]>;
};

export const arithmeticOperations: ArithmeticTable = {
  add: {
    name: "add",
    run: ([x, y]) =>
      zip(x, y, (out, a, b) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
      }),
    jvp: ([dx, dy]) => sumOf(dx, dy),
    vjp: (_index, g) => g,
  },
  sub: {
    name: "sub",
    run: ([x, y]) =>
      zip(x, y, (out, a, b) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i];
      }),
    jvp: ([dx, dy]) => sumOf(dx, dy && neg(dy)),
    vjp: (index, g) => (index === 0 ? g : neg(g)),
  },
  mul: {
    name: "mul",
    run: ([x, y]) =>
      zip(x, y, (out, a, b) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i];
      }),
    jvp: ([dx, dy], [x, y]) => sumOf(dx && mul(dx, y), dy && mul(x, dy)),
    vjp: (index, g, [x, y]) => mul(g, index === 0 ? y : x),
  },
  div: {
    name: "div",
    run: ([x, y]) =>
      zip(x, y, (out, a, b) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] / b[i];
      }),
    jvp: ([dx, dy], [, y], quotient) => div(sumOf(dx, dy && neg(mul(quotient, dy))), y),
    vjp: (index, g, [, y], quotient) => (index === 0 ? div(g, y) : neg(div(mul(g, quotient), y))),
  },
  neg: {
    name: "neg",
    run: ([x]) =>
      rowMajor(
        x.data.map((value) => -value),
        x.shape,
      ),
    jvp: ([dx]) => neg(dx as Value),
    vjp: (_index, g) => neg(g),
  },
  select: {
    name: "where",
    run: ([x, y], chosen) =>
      rowMajor(
        x.data.map((value, i) => (chosen.data[i] === 0 ? y.data[i] : value)),
        x.shape,
      ),
    jvp: ([dx, dy], [x], _output, chosen) => choose(chosen, dx ?? zeros(x.shape), dy ?? zeros(x.shape)),
    vjp: (index, g, _inputs, _output, chosen) =>
      index === 0 ? choose(chosen, g, zeros(g.shape)) : choose(chosen, zeros(g.shape), g),
  },
};

/** `where` for values and a condition of one shape. */
function choose(chosen: Tensor, x: Value, y: Value): Value {
  return apply(arithmeticOperations.select, [x, y], chosen);
}

function zip(
  x: Tensor,
  y: Tensor,
  loop: (out: Float64Array, a: Float64Array, b: Float64Array) => void,
): Tensor {
  const out = new Float64Array(x.data.length);
  loop(out, x.data, y.data);
  return withData(x, out);
}

function stretched(operation: Operation, x: Operand, y: Operand): Value {
  const a = toValue(operation.name, x);
  const b = toValue(operation.name, y);
  const shape = broadcastShapes(operation.name, a.shape, b.shape);
  return apply(operation, [broadcastTo(a, shape), broadcastTo(b, shape)], undefined);
}

/** x + y, stretched to one shape. @throws ShapeError when the shapes do not broadcast */
export function add(x: Operand, y: Operand): Value {
  return stretched(arithmeticOperations.add, x, y);
}

/** x − y, stretched to one shape. @throws ShapeError when the shapes do not broadcast */
export function sub(x: Operand, y: Operand): Value {
  return stretched(arithmeticOperations.sub, x, y);
}

/** x ∘ y, stretched to one shape. @throws ShapeError when the shapes do not broadcast */
export function mul(x: Operand, y: Operand): Value {
  return stretched(arithmeticOperations.mul, x, y);
}

/** x / y, stretched to one shape. @throws ShapeError when the shapes do not broadcast */
export function div(x: Operand, y: Operand): Value {
  return stretched(arithmeticOperations.div, x, y);
}

/** −x. */
export function neg(x: Operand): Value {
  return apply(arithmeticOperations.neg, [toValue("neg", x)], undefined);
}

/**
 * a where the condition is not 0, b elsewhere, stretched to one shape. The condition is a constant to all derivatives.
 * Derivatives of the side that is not chosen are 0, but must be finite: guard a division before it happens.
 * @throws ShapeError when the shapes do not broadcast
 */
export function where(condition: Operand, a: Operand, b: Operand): Value {
  const chosen = untraced(toValue("where", condition));
  const x = toValue("where", a);
  const y = toValue("where", b);
  const shape = broadcastShapes("where", chosen.shape, broadcastShapes("where", x.shape, y.shape));
  return choose(broadcastTo(chosen, shape) as Tensor, broadcastTo(x, shape), broadcastTo(y, shape));
}

/**
 * 1 where x > y, 0 elsewhere, stretched to one shape. A constant to all derivatives.
 * @throws ShapeError when the shapes do not broadcast
 */
export function greater(x: Operand, y: Operand): Tensor {
  return compare("greater", x, y, (a, b) => a > b);
}

/** 1 where x = y, 0 elsewhere, stretched to one shape. A constant to all derivatives. @throws ShapeError */
export function equal(x: Operand, y: Operand): Tensor {
  return compare("equal", x, y, (a, b) => a === b);
}

function compare(name: string, x: Operand, y: Operand, holds: (a: number, b: number) => boolean): Tensor {
  const a = untraced(toValue(name, x));
  const b = untraced(toValue(name, y));
  const shape = broadcastShapes(name, a.shape, b.shape);
  const [left, right] = [a, b].map((side) => (broadcastTo(side, shape) as Tensor).data);
  return rowMajor(
    left.map((value, i) => (holds(value, right[i]) ? 1 : 0)),
    shape,
  );
}
