import { NonFiniteError } from "../errors.js";

/** @throws NonFiniteError when finite losses overflow in their weighted sum */
export function checkTotal(total: number): number {
  if (Number.isFinite(total)) return total;
  throw new NonFiniteError({
    expected: "a finite loss",
    got: `${total}, the weighted sum of losses that are finite each`,
    next: "scale the weights, or the inputs",
  });
}

/** What the loss of one sample is refused with. @param logits of that sample (K) */
export function nonFiniteLoss(value: number, logits: Float64Array, sample: number): NonFiniteError {
  return new NonFiniteError({
    expected: "a finite loss",
    got: `${value} at sample ${sample}, whose logits are [${Array.from(logits.subarray(0, 8)).join(", ")}]`,
    next: "lower the learning rate, or scale the inputs",
  });
}
