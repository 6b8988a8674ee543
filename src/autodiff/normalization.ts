import { inFunction, requireArray, requireFlag, requireNumber } from "../errors.js";
import { optionsOf } from "../options.js";
import { sizeOf } from "../tensor/view.js";
import { add, div, mul, sub } from "./arithmetic.js";
import { sqrt } from "./elementary.js";
import { finish, mean, type ReduceOptions, reducedShapes, sum } from "./reduce.js";
import { type Operand, toValue, type Value } from "./value.js";

/** Deviations from a mean, and their mean square. */
interface Deviations {
  readonly centred: Value;
  readonly variance: Value;
}

/** Those of groups of elements from their own means, taken over `axes`; the squares' divisor is less by `correction`. */
export function deviationsOf(value: Value, axes: ReduceOptions["axes"], correction = 0): Deviations {
  const centred = sub(value, mean(value, { axes, keepAxes: true }));
  const squares = sum(mul(centred, centred), { axes, keepAxes: true });
  const count = sizeOf(value.shape) / sizeOf(squares.shape);
  return { centred, variance: div(squares, count - correction) };
}

export interface VarianceOptions extends ReduceOptions {
  /** The mean of squares divides by the number of elements less this: 1 for an unbiased estimate. ≥ 0, default 0. */
  readonly correction?: number | undefined;
}

/**
 * Variance over axes, from deviations from the mean. @throws ArgumentError unless there are more elements than the correction
 * @example
 * import { item, variance } from "flatward/autodiff";
 * console.log(item(variance([1, 3]))); // → 1
 */
export function variance(x: Operand, options: VarianceOptions = {}): Value {
  return inFunction("variance", () => {
    const { axes, keepAxes = false, correction = 0 } = optionsOf(options, ["axes", "keepAxes", "correction"]);
    requireFlag("keepAxes", keepAxes);
    const value = toValue(x);
    const { kept, dropped } = reducedShapes("variance", value.shape, axes);
    requireNumber("correction", correction, { atLeast: 0, below: sizeOf(value.shape) / sizeOf(kept) });
    return finish(deviationsOf(value, axes, correction).variance, dropped, keepAxes);
  });
}

/** centred/√(variance + ε)·scale + shift. */
export function standardised(
  { centred, variance }: Deviations,
  scale: Operand,
  shift: Operand,
  epsilon: number,
): Value {
  // One factor for each group first: there are far fewer of them than elements.
  return add(mul(centred, div(scale, sqrt(add(variance, epsilon)))), shift);
}

/**
 * Batch normalisation from its parts: (x − mean)/√(variance + ε)·scale + shift, mean and (biased) variance taken over
 * `axes`. Derivatives flow through both.
 * @example
 * import { batchNorm } from "flatward/autodiff";
 * // Every column by its own mean and variance.
 * const x = batchNorm([[1, 10], [3, 30]], [1, 1], [0, 0], [0], 0);
 * console.log(Array.from(x.data)); // → [ -1, -1, 1, 1 ]
 */
export function batchNorm(
  x: Operand,
  scale: Operand,
  shift: Operand,
  axes: readonly number[],
  epsilon = 1e-5,
): Value {
  return inFunction("batchNorm", () => {
    requireArray("axes", axes, "[0] normalises by the batch");
    requireNumber("epsilon", epsilon, { atLeast: 0 });
    return standardised(deviationsOf(toValue(x), axes), scale, shift, epsilon);
  });
}
