import { FlatwardError } from "../errors.js";
import { formatShape, sameShape, type Tensor } from "../tensor/view.js";
import { type Trace, Traced, TraceError, type Value } from "./value.js";

/**
 * An operation and its derivative rules, in one row. The rules are written in operations on values, never on memory, so
 * that they can be differentiated themselves.
 */
export interface Operation<Parameters = undefined> {
  readonly name: string;
  /** The result for dense row-major tensors, in new memory or as a new view of memory that nobody changes. */
  run(inputs: readonly Tensor[], parameters: Parameters): Tensor;
  /** The result's tangent; a tangent of null is zero, and at least one is not null. */
  jvp(
    tangents: readonly (Value | null)[],
    inputs: readonly Value[],
    output: Value,
    parameters: Parameters,
  ): Value;
  /** The adjoint of input `index`, given the result's adjoint; called only for inputs that need one. */
  vjp(index: number, adjoint: Value, inputs: readonly Value[], output: Value, parameters: Parameters): Value;
  /**
   * The results for T sets of inputs at once, (T, …output): inputs that are `mapped` are stacked, (T, …), the others are
   * the same for all. Without it, the operation is applied to one set after another.
   */
  readonly vmap?:
    | ((inputs: readonly Value[], mapped: readonly boolean[], parameters: Parameters) => Value)
    | undefined;
}

/** A value with its directional derivative. */
export class Dual extends Traced {
  constructor(
    trace: Trace,
    primal: Value,
    readonly tangent: Value,
  ) {
    super(trace, primal);
  }
}

/** Values of one shape, stacked along a first axis that the function which they pass through does not see. */
export class Mapped extends Traced {
  declare readonly trace: MapTrace;

  override get shape(): readonly number[] {
    return this.primal.shape.slice(1);
  }
}

/** A trace whose values are stacks. */
export interface MapTrace extends Trace {
  readonly mode: "vmap";
  /** What the rule `vmap` of an operation without one does. */
  oneByOne<Parameters>(
    operation: Operation<Parameters>,
    inputs: readonly Value[],
    mapped: readonly boolean[],
    parameters: Parameters,
  ): Value;
}

/** A value that remembers how it was computed. */
export class Recorded extends Traced {
  constructor(
    trace: Trace,
    primal: Value,
    readonly node: Node,
  ) {
    super(trace, primal);
  }
}

/** One application of an operation; of a leaf, the input itself. */
export interface Node {
  /** Larger than those of the nodes it depends on. */
  readonly id: number;
  /** null for inputs that do not depend on the trace's leaves. */
  readonly parents: readonly (Node | null)[];
  readonly operation: Operation<never> | null;
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly parameters: unknown;
  /** The backward pass that visited this node last, and the adjoint that has gathered in it. */
  pass: number;
  adjoint: Value | null;
}

let nextTrace = 1;
let nextNode = 1;

/** Runs `body` under a new trace, which ends with it. */
export function withTrace<Result>(mode: "forward" | "reverse", body: (trace: Trace) => Result): Result {
  return running({ id: nextTrace++, mode, active: true }, body);
}

/** Runs `body` under a new trace of stacks. */
export function withMapTrace<Result>(
  oneByOne: MapTrace["oneByOne"],
  body: (trace: MapTrace) => Result,
): Result {
  return running({ id: nextTrace++, mode: "vmap", active: true, oneByOne }, body);
}

function running<T extends Trace, Result>(trace: T, body: (trace: T) => Result): Result {
  try {
    return body(trace);
  } finally {
    trace.active = false;
  }
}

/** A value to differentiate by. */
export function leaf(trace: Trace, value: Value): Recorded {
  return new Recorded(trace, value, {
    id: nextNode++,
    parents: [],
    operation: null,
    inputs: [],
    output: value,
    parameters: undefined,
    pass: 0,
    adjoint: null,
  });
}

/** Applies an operation under the innermost trace that any input belongs to; without one, runs it. */
export function apply<Parameters>(
  operation: Operation<Parameters>,
  inputs: readonly Value[],
  parameters: Parameters,
): Value {
  const trace = innermost(inputs);
  if (trace === undefined) return operation.run(inputs as readonly Tensor[], parameters);
  if (!trace.active) {
    throw new TraceError(
      "values of a running transformation",
      `one in ${operation.name} whose transformation has returned`,
      "return what you need from the differentiated function instead of storing it outside",
    );
  }
  const primals = inputs.map((input) => (belongs(input, trace) ? input.primal : input));
  if (trace.mode === "vmap") return mapOver(trace as MapTrace, operation, inputs, primals, parameters);
  const output = apply(operation, primals, parameters);
  if (trace.mode === "forward") {
    const tangents = inputs.map((input) => (belongs(input, trace) ? (input as Dual).tangent : null));
    const tangent = operation.jvp(tangents, primals, output, parameters);
    checkRule(operation.name, "jvp", tangent, output.shape);
    return new Dual(trace, output, tangent);
  }
  return new Recorded(trace, output, {
    id: nextNode++,
    parents: inputs.map((input) => (belongs(input, trace) ? (input as Recorded).node : null)),
    operation: operation as unknown as Operation<never>,
    inputs: primals,
    output,
    parameters,
    pass: 0,
    adjoint: null,
  });
}

function mapOver<Parameters>(
  trace: MapTrace,
  operation: Operation<Parameters>,
  inputs: readonly Value[],
  stacks: readonly Value[],
  parameters: Parameters,
): Mapped {
  const mapped = inputs.map((input) => belongs(input, trace));
  const output = operation.vmap
    ? operation.vmap(stacks, mapped, parameters)
    : trace.oneByOne(operation, stacks, mapped, parameters);
  return new Mapped(trace, output);
}

/** Whether a value belongs to this very trace. */
export function belongs(value: Value, trace: Trace): value is Traced {
  return value instanceof Traced && value.trace === trace;
}

function innermost(inputs: readonly Value[]): Trace | undefined {
  let trace: Trace | undefined;
  for (const input of inputs) {
    if (input instanceof Traced && (trace === undefined || input.trace.id > trace.id)) trace = input.trace;
  }
  return trace;
}

/** A rule of an operation whose result is no value, or has the wrong shape. */
export class RuleError extends FlatwardError {
  override readonly name = "RuleError";
  constructor(
    operation: string,
    rule: "run" | "jvp" | "vjp",
    expected: readonly number[] | undefined,
    got: unknown,
  ) {
    const shape = (got as Value | undefined)?.shape;
    super("derivative-rule", {
      where: `${operation}.${rule}`,
      expected: expected ? `a value of shape ${formatShape(expected)}` : "a tensor { data, shape }",
      got: shape ? `one of shape ${formatShape(shape)}` : String(got),
      next: "correct this rule of the operation",
    });
  }
}

/** @throws RuleError */
export function checkRule(
  operation: string,
  rule: "jvp" | "vjp",
  value: Value,
  shape: readonly number[],
): void {
  if (!value || !Array.isArray(value.shape) || !sameShape(value.shape, shape))
    throw new RuleError(operation, rule, shape, value);
}
