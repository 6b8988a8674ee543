import { inCallback, inFunction, ShapeError } from "../errors.js";
import { formatShape, zeros } from "../tensor/view.js";
import { countOf } from "./linear.js";
import { broadcastTo, reshape, slice, stack } from "./shape.js";
import {
  type Differentiable,
  owned,
  type Parameters,
  type ParametersFor,
  type ResultFor,
  structureOf,
  valuesLike,
} from "./structure.js";
import {
  apply,
  belongs,
  Dual,
  Mapped,
  type MapTrace,
  type Operation,
  withMapTrace,
  withTrace,
} from "./trace.js";
import { requireDifferentiable } from "./transforms.js";
import { toValue, type Value } from "./value.js";

/**
 * The result of `f` and its directional derivatives along T tangents in one pass: `jvp` for each, but f runs once, and
 * operations take all tangents together. They have the parameters' structure, stacked along a first axis.
 * @param tangents (T, …) for parameters of shape (…) @returns tangents (T, …) for a result of shape (…)
 * @throws ShapeError when structures or shapes differ, or there are no tangents
 * @example
 * import { jvps, prod } from "flatward/autodiff";
 * const { tangents } = jvps(prod, Float64Array.of(2, 3), [[1, 0], [0, 1]]);
 * console.log(Array.from(tangents.data)); // → [ 3, 2 ]
 */
export function jvps<V extends Parameters = Value, P extends ParametersFor<V> = ParametersFor<V>>(
  f: Differentiable<V>,
  parameters: P,
  tangents: ParametersFor<V>,
): { value: ResultFor<P>; tangents: ResultFor<P> } {
  return inFunction("jvps", () => {
    requireDifferentiable(f);
    const structure = structureOf(parameters);
    const count = structureOf(tangents as Parameters).values[0].shape[0] ?? 0;
    if (count === 0)
      throw new ShapeError({
        expected: "at least one tangent, stacked along a first axis",
        got: formatShape(structureOf(tangents as Parameters).values[0].shape),
        next: "use jvp for a tangent of the parameters' own shape",
      });
    const stacks = valuesLike(
      structure,
      tangents as Parameters,
      structure.values.map(({ shape }) => [count, ...shape]),
    );
    const { values, tangents: every } = tangentsOf(
      (duals) => [toValue(inCallback(() => f(structure.restore(duals) as V)))],
      structure.values,
      stacks,
    );
    const stack = every[0] ?? zeros([count, ...values[0].shape]);
    return { value: owned(values[0]) as ResultFor<P>, tangents: owned(stack) as ResultFor<P> };
  });
}

/**
 * The same for a function of several values with several results: `stacks` (T, …) for values of shape (…). Tangents are
 * null for results that do not depend on the values.
 */
export function tangentsOf(
  f: (values: readonly Value[]) => readonly Value[],
  at: readonly Value[],
  stacks: readonly Value[],
): { readonly values: readonly Value[]; readonly tangents: readonly (Value | null)[] } {
  const repeated = (value: Value) => broadcastTo(value, [stacks[0].shape[0], ...value.shape]);
  // The stacks' trace is the outer one: what is differentiated is one function at one place, and only tangents are many.
  return withMapTrace(oneByOne, (map) =>
    withTrace("forward", (trace) => {
      const results = f(at.map((value, i) => new Dual(trace, value, new Mapped(map, stacks[i]))));
      const values = results.map((result) => (belongs(result, trace) ? result.primal : result));
      const tangents = results.map((result) => {
        const tangent = belongs(result, trace) ? (result as Dual).tangent : null;
        // A rule may have found it to be constant.
        return tangent !== null && belongs(tangent, map) ? tangent.primal : tangent && repeated(tangent);
      });
      return { values, tangents };
    }),
  );
}

/** Applies an operation to the first of all stacks, the second of all, …, and stacks the results. */
function oneByOne<P>(
  operation: Operation<P>,
  inputs: readonly Value[],
  mapped: readonly boolean[],
  parameters: P,
): ReturnType<MapTrace["oneByOne"]> {
  return stack(
    Array.from({ length: countOf(inputs, mapped) }, (_, t) => {
      const own = inputs.map((input, i) =>
        mapped[i] ? reshape(slice(input, [t], [t + 1]), input.shape.slice(1)) : input,
      );
      return apply(operation, own, parameters);
    }),
  );
}
