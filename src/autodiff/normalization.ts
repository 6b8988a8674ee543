import { add, div, mul, sub } from "./arithmetic.js";
import { sqrt } from "./elementary.js";
import { mean } from "./reduce.js";
import { type Operand, toValue, type Value } from "./value.js";

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
  const value = toValue("batchNorm", x);
  const centred = sub(value, mean(value, { axes, keepAxes: true }));
  const variance = mean(mul(centred, centred), { axes, keepAxes: true });
  return add(mul(div(centred, sqrt(add(variance, epsilon))), scale), shift);
}
