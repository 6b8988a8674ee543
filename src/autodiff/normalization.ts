import { inFunction, requireArray, requireNumber } from "../errors.js";
import { add, div, mul, sub } from "./arithmetic.js";
import { sqrt } from "./elementary.js";
import { mean } from "./reduce.js";
import { type Operand, toValue, type Value } from "./value.js";

/** Deviations from a mean, and their mean square. */
export interface Deviations {
  readonly centred: Value;
  readonly variance: Value;
}

/** Those of groups of elements from their own means, taken over `axes`. */
export function deviationsOf(value: Value, axes: readonly number[]): Deviations {
  const centred = sub(value, mean(value, { axes, keepAxes: true }));
  return { centred, variance: mean(mul(centred, centred), { axes, keepAxes: true }) };
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
