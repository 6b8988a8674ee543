import { ArgumentError, describe } from "../errors.js";
import { sizeOf, type Tensor, tensor } from "../tensor/view.js";
import { concatenate, reshape, slice } from "./linear.js";
import { type Operand, Traced, toValue, type Value } from "./value.js";

/** A record of tensors, numbers or arrays. */
export interface OperandRecord {
  readonly [name: string]: Operand;
}

/** What functions may be differentiated by: one operand, or a record of them. */
export type Parameters = Operand | OperandRecord;

/** What the differentiated function receives: values in the same structure. */
export type ValuesOf<P extends Parameters> = P extends Operand
  ? Value
  : { readonly [Name in keyof P]: Value };

/** A gradient in the structure of its parameters: a number for a number, a Float64Array for one, tensors otherwise. */
export type GradientOf<P extends Parameters> = P extends number
  ? number
  : P extends Float64Array
    ? Float64Array
    : P extends Operand
      ? Tensor
      : { readonly [Name in keyof P]: GradientOf<P[Name] & Operand> };

/** Parameters as a flat list of values, and the way back. */
export interface Structure {
  readonly values: readonly Value[];
  /** Values in the structure of the parameters. */
  restore(values: readonly Value[]): Value | Readonly<Record<string, Value>>;
  /** Results in the parameters' own form: plain numbers and arrays where the parameters were such. */
  results(values: readonly Value[]): unknown;
}

/** Takes parameters apart. @throws ArgumentError */
export function structureOf(where: string, parameters: Parameters): Structure {
  if (!isRecord(parameters)) {
    return {
      values: [toValue(where, parameters)],
      restore: ([value]) => value,
      results: ([value]) => inFormOf(parameters, value),
    };
  }
  const names = Object.keys(parameters);
  if (names.length === 0)
    throw new ArgumentError({ where, expected: "something to differentiate by", got: "an empty record" });
  const inNames = <Entry>(entries: readonly Entry[]) =>
    Object.fromEntries(names.map((name, i) => [name, entries[i]]));
  return {
    values: names.map((name) => toValue(`${where}: ${name}`, parameters[name])),
    restore: (values) => inNames(values),
    results: (values) => inNames(values.map((value, i) => inFormOf(parameters[names[i]], value))),
  };
}

function isRecord(parameters: Parameters): parameters is OperandRecord {
  if (parameters === null || parameters === undefined)
    throw new ArgumentError({
      where: "autodiff",
      expected: "something to differentiate by",
      got: describe(parameters),
    });
  return (
    typeof parameters === "object" &&
    !Array.isArray(parameters) &&
    !ArrayBuffer.isView(parameters) &&
    !(parameters instanceof Traced) &&
    !("shape" in parameters)
  );
}

/** Under an outer transformation a result stays a value; otherwise it takes the form of the operand it belongs to. */
function inFormOf(operand: Operand, value: Value): unknown {
  if (value instanceof Traced) return value;
  if (typeof operand === "number") return value.data[0];
  return operand instanceof Float64Array ? value.data : value;
}

/** All values one after the other as one vector. */
export function ravel(values: readonly Value[]): Value {
  return values.length === 1
    ? reshape(values[0], [-1])
    : concatenate(values.map((value) => reshape(value, [-1])));
}

/** The inverse of `ravel`, for values of the given shapes. */
export function unravel(vector: Value, shapes: readonly (readonly number[])[]): Value[] {
  let offset = 0;
  return shapes.map((shape) => {
    const size = sizeOf(shape);
    const part = shapes.length === 1 ? vector : slice(vector, [offset], [offset + size]);
    offset += size;
    return reshape(part, shape);
  });
}

/** The i-th unit vector of length n. */
export function unitVector(n: number, i: number): Tensor {
  const data = new Float64Array(n);
  data[i] = 1;
  return tensor(data, [n]);
}
