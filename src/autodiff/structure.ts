import { ArgumentError, describe, ShapeError } from "../errors.js";
import { formatShape, rowMajor, sameShape, sizeOf, type Tensor } from "../tensor/view.js";
import { isFloat64Array } from "../typed-arrays.js";
import { concatenate, reshape, slice } from "./shape.js";
import { type Operand, Traced, toValue, type Value } from "./value.js";

/** What functions may be differentiated by: one operand, or a record of them. */
export type Parameters = Operand | { readonly [name: string]: Operand };

/** A function of a value, or of a record of values, written in this module's operations. */
export type Differentiable<V extends Parameters = Value> = (values: V) => Operand;

/** What may be passed for a function's values: an operand for a value, a record of operands for a record. */
export type ParametersFor<V extends Parameters> = V extends Operand
  ? Operand
  : { readonly [Name in keyof V]: Operand };

/** A gradient in the structure of its parameters: a number for a number, a Float64Array for one, tensors otherwise. */
export type GradientOf<P> = P extends number
  ? number
  : P extends Float64Array
    ? Float64Array
    : P extends Traced
      ? Value
      : P extends Operand
        ? Tensor
        : { readonly [Name in keyof P]: GradientOf<P[Name]> };

/** A matrix or result of a transformation: a plain tensor, unless the parameters are themselves under differentiation. */
export type ResultFor<P> = P extends Traced ? Value : Tensor;

/** Parameters as a flat list of values, and the way back. */
export interface Structure {
  readonly values: readonly Value[];
  /** Names of a record's parts. */
  readonly names?: readonly string[];
  /** Values in the structure of the parameters. */
  restore(values: readonly Value[]): Value | Readonly<Record<string, Value>>;
  /** Results in the parameters' own form: plain numbers and arrays where the parameters were such. */
  results(values: readonly Value[]): unknown;
}

/** Takes parameters apart. @throws ArgumentError */
export function structureOf(parameters: Parameters): Structure {
  if (!isRecord(parameters)) {
    return {
      values: [toValue(parameters)],
      restore: ([value]) => value,
      results: ([value]) => inFormOf(parameters, value),
    };
  }
  const names = Object.keys(parameters);
  if (names.length === 0)
    throw new ArgumentError({ expected: "something to differentiate by", got: "an empty record" });
  const inNames = <Entry>(entries: readonly Entry[]) =>
    Object.fromEntries(names.map((name, i) => [name, entries[i]]));
  return {
    names,
    values: names.map((name) => toValue(parameters[name])),
    restore: (values) => inNames(values),
    results: (values) => inNames(values.map((value, i) => inFormOf(parameters[names[i]], value))),
  };
}

function isRecord(parameters: Parameters): parameters is { readonly [name: string]: Operand } {
  if (parameters === null || parameters === undefined)
    throw new ArgumentError({
      expected: "something to differentiate by",
      got: describe(parameters),
    });
  return (
    typeof parameters === "object" &&
    !Array.isArray(parameters) &&
    !ArrayBuffer.isView(parameters) &&
    !(parameters instanceof Traced) &&
    !("shape" in parameters && "data" in parameters)
  );
}

/** Under an outer transformation a result stays a value; otherwise it takes the form of the operand it belongs to. */
function inFormOf(operand: Operand, value: Value): unknown {
  if (value instanceof Traced) return value;
  if (typeof operand === "number") return value.data[0];
  const { data } = owned(value);
  return isFloat64Array(operand) ? data : rowMajor(data, value.shape);
}

/** A result in memory of its own: inside, values may share memory with each other and with what the caller passed. */
export function owned<V extends Value>(value: V): V {
  return value instanceof Traced ? value : (rowMajor(value.data.slice(), value.shape) as V);
}

/**
 * Operands in the structure of others, matched by name, and of their shapes or those given.
 * @throws ShapeError
 */
export function valuesLike(
  structure: Structure,
  parameters: Parameters,
  shapes: readonly (readonly number[])[] = structure.values.map(({ shape }) => shape),
): readonly Value[] {
  const like = structureOf(parameters);
  const order = structure.names ?? [undefined];
  const values = order.map((name) =>
    name === undefined ? like.values[0] : like.values[like.names?.indexOf(name) ?? -1],
  );
  const sameNames =
    (like.names?.length ?? 0) === (structure.names?.length ?? 0) &&
    values.every((value) => value !== undefined);
  if (sameNames && values.every((value, i) => sameShape(value.shape, shapes[i]))) return values;
  throw new ShapeError({
    expected: `the structure ${describeStructure(structure.names, shapes)}`,
    got: describeStructure(
      like.names,
      like.values.map(({ shape }) => shape),
    ),
  });
}

function describeStructure(names: Structure["names"], shapes: readonly (readonly number[])[]): string {
  return shapes.map((shape, i) => `${names ? `${names[i]}: ` : ""}${formatShape(shape)}`).join(", ");
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
