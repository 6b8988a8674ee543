import { ArgumentError, describe, FlatwardError } from "../errors.js";
import { forEachLine } from "../tensor/lines.js";
import {
  asMatrix,
  asTensor,
  isRowMajor,
  rowMajor,
  type Tensor,
  type TensorLike,
  zeros,
} from "../tensor/view.js";
import { isFloat64Array } from "../typed-arrays.js";

/** One run of a transformation. Later traces have larger ids, so among nested ones the innermost is the largest. */
export interface Trace {
  readonly id: number;
  readonly mode: "forward" | "reverse" | "vmap";
  /** False once the transformation has returned: its values must not be used then. */
  active: boolean;
}

/**
 * A tensor under differentiation. It stands for a value, and must go through this module's operations: reading it as a
 * number or as memory would lose its derivative, and throws.
 */
export abstract class Traced {
  constructor(
    readonly trace: Trace,
    readonly primal: Value,
  ) {}

  get shape(): readonly number[] {
    return this.primal.shape;
  }

  /** @throws TraceError always */
  get data(): never {
    throw leak("read as memory");
  }

  /** @throws TraceError always */
  get length(): never {
    throw leak("used as an array");
  }

  /** @throws TraceError always */
  [Symbol.toPrimitive](): never {
    throw leak("compared or used as a number");
  }

  /** @throws TraceError always */
  [Symbol.iterator](): never {
    throw leak("iterated over");
  }
}

/** What operations compute with: dense row-major tensors, or tensors under differentiation. */
export type Value = Tensor | Traced;

/** What operations accept. */
export type Operand =
  | Value
  | TensorLike
  | number
  | Float64Array
  | readonly number[]
  | readonly (readonly number[])[];

/** A value under differentiation that was used outside its transformation, or as if it were a plain number. */
export class TraceError extends FlatwardError {
  override readonly name = "TraceError";
  constructor(expected: string, got: string, next: string) {
    super("traced-value", { where: "autodiff", expected, got, next });
  }
}

function leak(how: string): TraceError {
  return new TraceError(
    "a value under differentiation to go through operations of flatward/autodiff",
    `one that was ${how}`,
    "use add, mul, where, … in place of +, *, if, …; its shape may be read",
  );
}

/** An operand as a value: numbers become scalars, arrays vectors or matrices, views dense tensors. */
export function toValue(operand: Operand): Value {
  if (operand instanceof Traced) return operand;
  if (typeof operand === "number") return rowMajor(Float64Array.of(operand), []);
  if (isFloat64Array(operand)) return rowMajor(operand, [operand.length]);
  if (Array.isArray(operand)) return fromArray(operand);
  if (operand !== null && typeof operand === "object" && "shape" in operand) {
    // What operations make is dense already: only views from outside need the full check.
    const known = isFloat64Array(operand.data) && operand.stride !== undefined && operand.offset === 0;
    return known && isRowMajor(operand as Tensor)
      ? (operand as Tensor)
      : dense(asTensor("an operand", operand));
  }
  throw new ArgumentError({ expected: "a number, an array or a tensor", got: describe(operand) });
}

function fromArray(array: readonly unknown[]): Tensor {
  const flat = array.flat();
  if (flat.some((entry) => entry instanceof Traced)) {
    throw new ArgumentError({
      expected: "an array of numbers",
      got: "one that holds values under differentiation",
      next: "use stack([…]) or concatenate([…])",
    });
  }
  const nonNumber = flat.find((entry) => typeof entry !== "number");
  if (nonNumber !== undefined)
    throw new ArgumentError({
      expected: "an array of numbers or of rows of numbers",
      got: describe(nonNumber),
    });
  if (array.every((entry) => typeof entry === "number"))
    return rowMajor(Float64Array.from(array), [array.length]);
  return asMatrix("an operand", array as number[][]);
}

/** A row-major tensor from offset 0 that fills its memory: the view itself when it is one already. */
export function dense(view: Tensor): Tensor {
  if (isRowMajor(view)) return view;
  const { data, shape, stride, offset } = view;
  const out = zeros(shape);
  const inner = shape[shape.length - 1] ?? 1;
  const step = stride[shape.length - 1] ?? 1;
  const copyLine = (start: number, from: number): void => {
    for (let i = start, at = offset + from; i < start + inner; i++, at += step) out.data[i] = data[at];
  };
  forEachLine(shape.slice(0, -1), inner, copyLine, stride);
  return out;
}

/** The plain tensor under all traces: for what is constant between jumps, such as comparisons. */
export function untraced(value: Value): Tensor {
  let inner = value;
  while (inner instanceof Traced) inner = inner.primal;
  return inner;
}
