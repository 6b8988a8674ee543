import { inFunction } from "../errors.js";
import { broadcastShapes, type RowLoop, zip, zipInto } from "../tensor/broadcast.js";
import { type Tensor, withData, zeros } from "../tensor/view.js";
import { countOf, ofRank } from "./linear.js";
import { broadcastTo, sumTo } from "./shape.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, untraced, type Value } from "./value.js";

// Inputs stretch to one shape as they are read; the rules sum adjoints back to the shapes of the inputs.

/** `dx` when it is not zero, summed with `dy` when that is not. */
export function sumOf(dx: Value | null, dy: Value | null): Value {
  if (dx === null) return dy as Value;
  return dy === null ? dx : add(dx, dy);
}

/** dx∘y + x∘dy, where a tangent of null is zero, and at least one is not null. */
function sumOfProducts(dx: Value | null, y: Value, x: Value, dy: Value | null): Value {
  if (dx && dy) return apply(arithmeticOperations.addProducts, [dx, y, x, dy], undefined);
  return dx ? mul(dx, y) : mul(x, dy as Value);
}

const writeProducts: RowLoop = (out, start, end, a, aAt, aStep, b, bAt, bStep) => {
  for (let i = start; i < end; i++, aAt += aStep, bAt += bStep) out[i] = a[aAt] * b[bAt];
};

const addProducts: RowLoop = (out, start, end, a, aAt, aStep, b, bAt, bStep) => {
  for (let i = start; i < end; i++, aAt += aStep, bAt += bStep) out[i] += a[aAt] * b[bAt];
};

/** Inputs of which some are stacks, so that these stretch as their tensors do. */
function aligned(inputs: readonly Value[], mapped: readonly boolean[]): readonly Value[] {
  const rank = Math.max(...inputs.map(({ shape }, i) => shape.length - Number(mapped[i])));
  return inputs.map((input, i) => (mapped[i] ? ofRank(input, rank) : input));
}

/** Parameters of the operations below: `select` knows where its condition is not 0. */
export interface ArithmeticParameters {
  add: undefined;
  sub: undefined;
  mul: undefined;
  addProducts: undefined;
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
      inFunction("add", () =>
        zip(x, y, (out, start, end, a, aAt, aStep, b, bAt, bStep) => {
          for (let i = start; i < end; i++, aAt += aStep, bAt += bStep) out[i] = a[aAt] + b[bAt];
        }),
      ),
    jvp: ([dx, dy], _inputs, { shape }) => broadcastTo(sumOf(dx, dy), shape),
    vjp: (index, g, inputs) => sumTo(g, inputs[index].shape),
    vmap: (inputs, mapped) => apply(arithmeticOperations.add, aligned(inputs, mapped), undefined),
  },
  sub: {
    name: "sub",
    run: ([x, y]) =>
      inFunction("sub", () =>
        zip(x, y, (out, start, end, a, aAt, aStep, b, bAt, bStep) => {
          for (let i = start; i < end; i++, aAt += aStep, bAt += bStep) out[i] = a[aAt] - b[bAt];
        }),
      ),
    jvp: ([dx, dy], _inputs, { shape }) => broadcastTo(sumOf(dx, dy && neg(dy)), shape),
    vjp: (index, g, inputs) => sumTo(index === 0 ? g : neg(g), inputs[index].shape),
    vmap: (inputs, mapped) => apply(arithmeticOperations.sub, aligned(inputs, mapped), undefined),
  },
  mul: {
    name: "mul",
    run: ([x, y]) => inFunction("mul", () => zip(x, y, writeProducts)),
    jvp: ([dx, dy], [x, y]) => sumOfProducts(dx, y, x, dy),
    vjp: (index, g, inputs) => sumTo(mul(g, inputs[1 - index]), inputs[index].shape),
    vmap: (inputs, mapped) => apply(arithmeticOperations.mul, aligned(inputs, mapped), undefined),
  },
  /** w∘x + y∘z in one memory. */
  addProducts: {
    name: "addProducts",
    run([w, x, y, z]) {
      const shape = broadcastShapes(broadcastShapes(w.shape, x.shape), broadcastShapes(y.shape, z.shape));
      return zipInto(zipInto(zeros(shape), w, x, writeProducts), y, z, addProducts);
    },
    jvp: ([dw, dx, dy, dz], [w, x, y, z], { shape }) => {
      const first = dw || dx ? sumOfProducts(dw, x, w, dx) : null;
      return broadcastTo(sumOf(first, dy || dz ? sumOfProducts(dy, z, y, dz) : null), shape);
    },
    vjp: (index, g, inputs) => sumTo(mul(g, inputs[index ^ 1]), inputs[index].shape),
    vmap: (inputs, mapped) => apply(arithmeticOperations.addProducts, aligned(inputs, mapped), undefined),
  },
  div: {
    name: "div",
    run: ([x, y]) =>
      inFunction("div", () =>
        zip(x, y, (out, start, end, a, aAt, aStep, b, bAt, bStep) => {
          for (let i = start; i < end; i++, aAt += aStep, bAt += bStep) out[i] = a[aAt] / b[bAt];
        }),
      ),
    jvp: ([dx, dy], [, y], quotient) => div(sumOf(dx, dy && neg(mul(quotient, dy))), y),
    vjp: (index, g, [x, y], quotient) =>
      index === 0 ? sumTo(div(g, y), x.shape) : sumTo(neg(div(mul(g, quotient), y)), y.shape),
    vmap: (inputs, mapped) => apply(arithmeticOperations.div, aligned(inputs, mapped), undefined),
  },
  neg: {
    name: "neg",
    run([x]) {
      const out = new Float64Array(x.data.length);
      for (let i = 0; i < out.length; i++) out[i] = -x.data[i];
      return withData(x, out);
    },
    jvp: ([dx]) => neg(dx as Value),
    vjp: (_index, g) => neg(g),
    vmap: ([stack]) => neg(stack),
  },
  select: {
    name: "where",
    run([x, y], { data }) {
      const out = new Float64Array(data.length);
      for (let i = 0; i < out.length; i++) out[i] = data[i] === 0 ? y.data[i] : x.data[i];
      return withData(x, out);
    },
    jvp: ([dx, dy], [x], _output, chosen) => choose(chosen, dx ?? zeros(x.shape), dy ?? zeros(x.shape)),
    vjp: (index, g, _inputs, _output, chosen) =>
      index === 0 ? choose(chosen, g, zeros(g.shape)) : choose(chosen, zeros(g.shape), g),
    vmap(inputs, mapped, chosen) {
      const shape = [countOf(inputs, mapped), ...chosen.shape];
      const [x, y] = inputs.map((input) => broadcastTo(input, shape));
      return choose(broadcastTo(chosen, shape) as Tensor, x, y);
    },
  },
};

/** `where` for values and a condition of one shape. */
function choose(chosen: Tensor, x: Value, y: Value): Value {
  return apply(arithmeticOperations.select, [x, y], chosen);
}

function binary(operation: Operation, x: Operand, y: Operand): Value {
  return inFunction(operation.name, () => apply(operation, [toValue(x), toValue(y)], undefined));
}

/**
 * x + y, stretched to one shape. @throws ShapeError when the shapes do not broadcast
 * @example
 * import { add } from "flatward/autodiff";
 * console.log(Array.from(add([[1, 2], [3, 4]], [10, 20]).data)); // → [ 11, 22, 13, 24 ]
 */
export function add(x: Operand, y: Operand): Value {
  return binary(arithmeticOperations.add, x, y);
}

/**
 * x − y, stretched to one shape. @throws ShapeError when the shapes do not broadcast
 * @example
 * import { sub } from "flatward/autodiff";
 * console.log(Array.from(sub([1, 2, 3], 1).data)); // → [ 0, 1, 2 ]
 */
export function sub(x: Operand, y: Operand): Value {
  return binary(arithmeticOperations.sub, x, y);
}

/**
 * x ∘ y, stretched to one shape. @throws ShapeError when the shapes do not broadcast
 * @example
 * import { mul } from "flatward/autodiff";
 * console.log(Array.from(mul([1, 2, 3], [4, 5, 6]).data)); // → [ 4, 10, 18 ]
 */
export function mul(x: Operand, y: Operand): Value {
  return binary(arithmeticOperations.mul, x, y);
}

/**
 * x / y, stretched to one shape. @throws ShapeError when the shapes do not broadcast
 * @example
 * import { div } from "flatward/autodiff";
 * console.log(Array.from(div([1, 2, 4], 2).data)); // → [ 0.5, 1, 2 ]
 */
export function div(x: Operand, y: Operand): Value {
  return binary(arithmeticOperations.div, x, y);
}

/**
 * −x.
 * @example
 * import { neg } from "flatward/autodiff";
 * console.log(Array.from(neg([1, -2]).data)); // → [ -1, 2 ]
 */
export function neg(x: Operand): Value {
  return inFunction("neg", () => apply(arithmeticOperations.neg, [toValue(x)], undefined));
}

/**
 * a where the condition is not 0, b elsewhere, stretched to one shape. The condition is a constant to all derivatives.
 * Derivatives of the side that is not chosen are 0, but must be finite: guard a division before it.
 * @throws ShapeError when the shapes do not broadcast
 * @example
 * import { where } from "flatward/autodiff";
 * console.log(Array.from(where([1, 0], [10, 20], [30, 40]).data)); // → [ 10, 40 ]
 */
export function where(condition: Operand, a: Operand, b: Operand): Value {
  return inFunction("where", () => {
    const chosen = untraced(toValue(condition));
    const x = toValue(a);
    const y = toValue(b);
    const shape = broadcastShapes(chosen.shape, broadcastShapes(x.shape, y.shape));
    return choose(broadcastTo(chosen, shape) as Tensor, broadcastTo(x, shape), broadcastTo(y, shape));
  });
}

/**
 * 1 where x > y, 0 elsewhere, stretched to one shape. A constant to all derivatives.
 * @throws ShapeError when the shapes do not broadcast
 * @example
 * import { greater } from "flatward/autodiff";
 * console.log(Array.from(greater([1, 2, 3], 2).data)); // → [ 0, 0, 1 ]
 */
export function greater(x: Operand, y: Operand): Tensor {
  return compare("greater", x, y, (out, start, end, a, aAt, aStep, b, bAt, bStep) => {
    for (let i = start; i < end; i++, aAt += aStep, bAt += bStep) out[i] = a[aAt] > b[bAt] ? 1 : 0;
  });
}

/**
 * 1 where x = y, 0 elsewhere, stretched to one shape. A constant to all derivatives. @throws ShapeError
 * @example
 * import { equal } from "flatward/autodiff";
 * console.log(Array.from(equal([1, 2, 3], 2).data)); // → [ 0, 1, 0 ]
 */
export function equal(x: Operand, y: Operand): Tensor {
  return compare("equal", x, y, (out, start, end, a, aAt, aStep, b, bAt, bStep) => {
    for (let i = start; i < end; i++, aAt += aStep, bAt += bStep) out[i] = a[aAt] === b[bAt] ? 1 : 0;
  });
}

function compare(name: string, x: Operand, y: Operand, loop: RowLoop): Tensor {
  return inFunction(name, () => zip(untraced(toValue(x)), untraced(toValue(y)), loop));
}
