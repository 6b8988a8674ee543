import {
  ArgumentError,
  FlatwardError,
  inCallback,
  inFunction,
  inMaker,
  requireFlag,
  requireFunction,
  ShapeError,
} from "../errors.js";
import { optionsOf } from "../options.js";
import { formatShape, rowMajor, sameShape, sizeOf, type Tensor, zeros } from "../tensor/view.js";
import { backpropagate } from "./reverse.js";
import { stack } from "./shape.js";
import {
  type Differentiable,
  type GradientOf,
  owned,
  type Parameters,
  type ParametersFor,
  type ResultFor,
  ravel,
  type Structure,
  structureOf,
  unravel,
  valuesLike,
} from "./structure.js";
import { belongs, Dual, leaf, type Recorded, withTrace } from "./trace.js";
import { type Operand, type Trace, Traced, toValue, type Value } from "./value.js";

/** What `grad`, `vjp`, `hvp` and the others make of a function that is constant. */
export interface GradientOptions {
  /** Whether a function that does not depend on its parameters has gradient 0, instead of being an error. Default false. */
  readonly allowConstant?: boolean | undefined;
}

/** A function whose output does not depend on its parameters. */
export class ConstantOutputError extends FlatwardError {
  override readonly name = "ConstantOutputError";
  constructor() {
    super("constant-output", {
      expected: "an output that depends on the parameters",
      got: "a constant",
      next: "check that the function uses its argument, or pass { allowConstant: true }",
    });
  }
}

/** @throws ArgumentError unless it is a function */
export function requireDifferentiable(f: unknown): void {
  requireFunction("f", f, "(x) => sum(square(x)) is one");
}

const takesPoint = (name: string): string =>
  name === "hvp" ? "hvp(f, x, v, { allowConstant: true })" : `${name}(f) is a function: ${name}(f)(x)`;

/** @throws ArgumentError unless f is a function, for other options, and for a flag that is none */
function gradientOptionsOf(name: string, f: unknown, options: GradientOptions | undefined): GradientOptions {
  return inFunction(name, () => {
    requireDifferentiable(f);
    const known = optionsOf(options, ["allowConstant"], takesPoint(name));
    if (known.allowConstant !== undefined) requireFlag("allowConstant", known.allowConstant);
    return known;
  });
}

interface Pulled {
  readonly output: Value;
  /** Adjoints of the parameters' values; null where the output does not depend on them. */
  pull(adjoint: Value): (Value | null)[];
}

/** Runs `f` on leaves of a trace. */
function record<V extends Parameters>(trace: Trace, f: Differentiable<V>, structure: Structure): Pulled {
  const leaves = structure.values.map((value) => leaf(trace, value));
  const result = toValue(inCallback(() => f(structure.restore(leaves) as V)));
  if (!belongs(result, trace)) return { output: result, pull: () => leaves.map(() => null) };
  const { node, primal } = result as Recorded;
  return {
    output: primal,
    pull: (adjoint) =>
      backpropagate(
        node,
        adjoint,
        leaves.map((each) => each.node),
      ),
  };
}

function gradientValues<V extends Parameters>(
  f: Differentiable<V>,
  structure: Structure,
  { allowConstant = false }: GradientOptions,
) {
  return withTrace("reverse", (trace) => {
    const { output, pull } = record(trace, f, structure);
    if (sizeOf(output.shape) !== 1) {
      throw new ShapeError({
        expected: "a function with a scalar result",
        got: `one of shape ${formatShape(output.shape)}`,
        next: "reduce it with sum or mean, or use jacobian",
      });
    }
    const adjoints = pull(rowMajor(Float64Array.of(1), output.shape));
    if (!allowConstant && adjoints.every((adjoint) => adjoint === null)) throw new ConstantOutputError();
    return { output, gradients: adjoints.map((adjoint, i) => adjoint ?? zeros(structure.values[i].shape)) };
  });
}

/**
 * The gradient of a scalar function, as a function: `grad(f)(theta)` has theta's structure. May be nested in any order
 * with any transformation here.
 * @throws ShapeError when f's result is no scalar, ConstantOutputError when it does not depend on theta
 * @example
 * import { add, grad, mul, square, sum } from "flatward/autodiff";
 * const f = ({ x, y }) => sum(add(square(x), mul(x, y))); // Σ x² + xy
 * const { x, y } = grad(f)({ x: Float64Array.of(1, 2), y: Float64Array.of(3, 4) });
 * console.log(Array.from(x), Array.from(y)); // → [ 5, 8 ] [ 1, 2 ]
 */
export function grad<V extends Parameters = Value>(
  f: Differentiable<V>,
  options: GradientOptions = {},
): <P extends ParametersFor<V>>(parameters: P) => GradientOf<P> {
  const known = gradientOptionsOf("grad", f, options);
  return <P extends ParametersFor<V>>(parameters: P) => {
    return inFunction("grad", () => {
      const structure = structureOf(parameters);
      return structure.results(gradientValues(f, structure, known).gradients) as GradientOf<P>;
    });
  };
}

/**
 * Value and gradient of a scalar function in one pass. @throws as `grad`
 * @example
 * import { prod, valueAndGrad } from "flatward/autodiff";
 * const { value, gradient } = valueAndGrad(prod)(Float64Array.of(2, 3, 4));
 * console.log(value, Array.from(gradient)); // → 24 [ 12, 8, 6 ]
 */
export function valueAndGrad<V extends Parameters = Value>(
  f: Differentiable<V>,
  options: GradientOptions = {},
): <P extends ParametersFor<V>>(parameters: P) => { value: number; gradient: GradientOf<P> } {
  const known = gradientOptionsOf("valueAndGrad", f, options);
  return <P extends ParametersFor<V>>(parameters: P) => {
    return inFunction("valueAndGrad", () => {
      const structure = structureOf(parameters);
      const { output, gradients } = gradientValues(f, structure, known);
      return {
        value: (output instanceof Traced ? output : output.data[0]) as number,
        gradient: structure.results(gradients) as GradientOf<P>,
      };
    });
  };
}

/**
 * The result of `f`, and a function from an adjoint of it to adjoints of the parameters (reverse mode). The latter may
 * be called any number of times, at the cost of one backward pass each.
 * @throws ShapeError when an adjoint has not the result's shape
 * @example
 * import { mul, vjp } from "flatward/autodiff";
 * const { value, pullback } = vjp((x) => mul(x, x), Float64Array.of(2, 3));
 * console.log(Array.from(value.data), Array.from(pullback([1, 10]))); // → [ 4, 9 ] [ 4, 60 ]
 */
export function vjp<V extends Parameters = Value, P extends ParametersFor<V> = ParametersFor<V>>(
  f: Differentiable<V>,
  parameters: P,
): {
  value: ResultFor<P>;
  /** The adjoints of the parameters, from an adjoint of the value. */
  pullback: (adjoint: Operand) => GradientOf<P>;
} {
  return inMaker("vjp", () => {
    requireDifferentiable(f);
    const structure = structureOf(parameters);
    return withTrace("reverse", (trace) => {
      const { output, pull } = record(trace, f, structure);
      const pullback = (adjoint: Operand) => {
        const seed = toValue(adjoint);
        if (!sameShape(seed.shape, output.shape))
          throw new ShapeError({
            expected: `an adjoint of shape ${formatShape(output.shape)}`,
            got: formatShape(seed.shape),
          });
        return structure.results(
          pull(seed).map((share, i) => share ?? zeros(structure.values[i].shape)),
        ) as GradientOf<P>;
      };
      return { value: owned(output) as ResultFor<P>, pullback };
    });
  });
}

/**
 * The same by several values, with other values that `f` comes upon on its way: these are constants to the pullback, and
 * keep what derivatives they have outside of it (JAX's `has_aux`).
 */
export function vjpWithAuxiliary(
  f: (values: readonly Value[]) => { readonly result: Value; readonly auxiliary: readonly Value[] },
  at: readonly Value[],
): {
  readonly value: Value;
  readonly auxiliary: readonly Value[];
  readonly pullback: (adjoint: Value) => readonly Value[];
} {
  return withTrace("reverse", (trace) => {
    let seen: readonly Value[] = [];
    const structure: Structure = {
      values: at,
      restore: (values) => values as never,
      results: (values) => values,
    };
    const { output, pull } = record(
      trace,
      (values) => {
        const { result, auxiliary } = f(values as never);
        seen = auxiliary;
        return result;
      },
      structure,
    );
    return {
      value: output,
      auxiliary: seen.map((value) => (belongs(value, trace) ? value.primal : value)),
      pullback: (adjoint) => pull(adjoint).map((share, i) => share ?? zeros(at[i].shape)),
    };
  });
}

/**
 * The result of `f` and its directional derivative along `tangents`, which has the parameters' structure (forward mode).
 * @throws ShapeError when structures or shapes differ
 * @example
 * import { jvp, prod } from "flatward/autodiff";
 * const { value, tangent } = jvp(prod, Float64Array.of(2, 3), Float64Array.of(1, 0)); // ∂xy/∂x = y
 * console.log(value.data[0], tangent.data[0]); // → 6 3
 */
export function jvp<V extends Parameters = Value, P extends ParametersFor<V> = ParametersFor<V>>(
  f: Differentiable<V>,
  parameters: P,
  tangents: P,
): { value: ResultFor<P>; tangent: ResultFor<P> } {
  return inFunction("jvp", () => {
    requireDifferentiable(f);
    const structure = structureOf(parameters);
    const directions = valuesLike(structure, tangents);
    return withTrace("forward", (trace) => {
      const duals = structure.values.map((value, i) => new Dual(trace, value, directions[i]));
      const result = toValue(inCallback(() => f(structure.restore(duals) as V)));
      if (!belongs(result, trace))
        return { value: owned(result) as ResultFor<P>, tangent: zeros(result.shape) as ResultFor<P> };
      return {
        value: owned(result.primal) as ResultFor<P>,
        tangent: owned((result as Dual).tangent) as ResultFor<P>,
      };
    });
  });
}

/**
 * Hessian-vector product of a scalar function, forward over reverse: about the cost of two gradients, without H.
 * @param v in the parameters' structure @throws as `grad` and `jvp`
 * @example
 * import { hvp, prod } from "flatward/autodiff";
 * console.log(Array.from(hvp(prod, Float64Array.of(2, 3, 4), Float64Array.of(1, 0, 0)))); // → [ 0, 4, 3 ]
 */
export function hvp<V extends Parameters = Value, P extends ParametersFor<V> = ParametersFor<V>>(
  f: Differentiable<V>,
  parameters: P,
  v: P,
  options: GradientOptions = {},
): GradientOf<P> {
  return inFunction("hvp", () => {
    const known = gradientOptionsOf("hvp", f, options);
    const structure = structureOf(parameters);
    const shapes = structure.values.map(({ shape }) => shape);
    const flatGradient = (flat: Value): Value => {
      const inner: Structure = { ...structure, values: unravel(flat, shapes) };
      return ravel(gradientValues(f, inner, known).gradients);
    };
    const { tangent } = jvp(
      flatGradient as Differentiable,
      ravel(structure.values),
      ravel(valuesLike(structure, v)),
    );
    return structure.results(unravel(tangent, shapes)) as GradientOf<P>;
  });
}

/**
 * The derivative of every entry of f's result by every parameter: (result's size, n), rows and columns in row-major
 * order, records in the order of their names. Reverse mode, one backward pass a row.
 * @example
 * import { jacobian, prod, stack, sum } from "flatward/autodiff";
 * const { shape, data } = jacobian((x) => stack([sum(x), prod(x)]))(Float64Array.of(2, 3));
 * console.log(shape, Array.from(data)); // → [ 2, 2 ] [ 1, 1, 3, 2 ]
 */
export function jacobian<V extends Parameters = Value>(
  f: Differentiable<V>,
): <P extends ParametersFor<V>>(parameters: P) => ResultFor<P> {
  inFunction("jacobian", () => requireDifferentiable(f));
  return <P extends ParametersFor<V>>(parameters: P) => {
    return inFunction("jacobian", () => {
      const structure = structureOf(parameters);
      return withTrace("reverse", (trace) => {
        const { output, pull } = record(trace, f, structure);
        return rowsOf(output, pull, structure) as ResultFor<P>;
      });
    });
  };
}

function rowsOf(output: Value, pull: Pulled["pull"], structure: Structure): Value {
  const m = sizeOf(output.shape);
  if (m === 0) return zeros([0, structure.values.reduce((n, { shape }) => n + sizeOf(shape), 0)]);
  const row = (i: number): Value => {
    const seed = zeros(output.shape);
    seed.data[i] = 1;
    return ravel(pull(seed).map((share, j) => share ?? zeros(structure.values[j].shape)));
  };
  const first = row(0);
  if (first instanceof Traced) return stack([first, ...Array.from({ length: m - 1 }, (_, i) => row(i + 1))]);
  // Written as they come, so that memory is the result's alone.
  const n = first.shape[0];
  const out = zeros([m, n]);
  out.data.set(first.data);
  for (let i = 1; i < m; i++) out.data.set((row(i) as Tensor).data, i * n);
  return out;
}

/**
 * The Hessian of a scalar function: (n,n), exactly symmetric when it is not itself under differentiation. Reverse over
 * reverse: the gradient is recorded once, and every row is one backward pass through it.
 * @throws as `grad`
 * @example
 * import { hessian, prod } from "flatward/autodiff";
 * const { shape, data } = hessian(prod)(Float64Array.of(2, 3, 4)); // of xyz
 * console.log(shape, data.join(" ")); // → [ 3, 3 ] 0 4 3 4 0 2 3 2 0
 */
export function hessian<V extends Parameters = Value>(
  f: Differentiable<V>,
  options: GradientOptions = {},
): <P extends ParametersFor<V>>(parameters: P) => ResultFor<P> {
  const known = gradientOptionsOf("hessian", f, options);
  return <P extends ParametersFor<V>>(parameters: P) => {
    return inFunction("hessian", () => {
      const structure = structureOf(parameters);
      const matrix = withTrace("reverse", (trace) => {
        const gradientOf = (values: V): Value => {
          const inner: Structure = {
            ...structure,
            values: structureOf(values as Parameters).values,
          };
          return ravel(gradientValues(f, inner, known).gradients);
        };
        const { output, pull } = record(trace, gradientOf as Differentiable<V>, structure);
        return rowsOf(output, pull, structure);
      });
      return (matrix instanceof Traced ? matrix : mirrored(matrix)) as ResultFor<P>;
    });
  };
}

/** Copies the lower triangle to the upper one: both are equal but for rounding. */
function mirrored(matrix: Tensor): Tensor {
  const n = matrix.shape[0];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix.data[j * n + i] = matrix.data[i * n + j];
  return matrix;
}

/**
 * A number from a scalar value that is under no differentiation. @throws ArgumentError, ShapeError
 * @example
 * import { item, sum } from "flatward/autodiff";
 * console.log(item(sum([1, 2, 3]))); // → 6
 */
export function item(value: Operand): number {
  return inFunction("item", () => {
    const scalar = toValue(value);
    if (scalar instanceof Traced)
      throw new ArgumentError({
        expected: "a value under no differentiation",
        got: "one that is",
        next: "return it from the differentiated function",
      });
    if (scalar.data.length !== 1)
      throw new ShapeError({ expected: "a single element", got: formatShape(scalar.shape) });
    return scalar.data[0];
  });
}
