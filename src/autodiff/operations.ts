import { type ArithmeticParameters, arithmeticOperations } from "./arithmetic.js";
import { elementaryOperations } from "./elementary.js";
import { type LinearParameters, linearOperations } from "./linear.js";
import { matmulOperations } from "./matmul.js";
import { reduceOperations } from "./reduce.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, type Value } from "./value.js";
import { windowOperations } from "./windows.js";

/** Every operation with its rules. A row without run, jvp or vjp does not compile; neither does a missing row. */
export const operations = {
  ...linearOperations,
  ...arithmeticOperations,
  ...elementaryOperations,
  ...matmulOperations,
  ...reduceOperations,
  ...windowOperations,
};

export type OperationName =
  | keyof LinearParameters
  | keyof ArithmeticParameters
  | keyof typeof elementaryOperations
  | keyof typeof matmulOperations
  | keyof typeof reduceOperations
  | keyof typeof windowOperations;

/**
 * A function of operands from a row of the caller's own. Write its rules in operations of this module, not on memory,
 * and all orders and nestings follow; `checkGrads` tells whether they are right.
 */
export function defineOperation<Parameters = undefined>(
  operation: Operation<Parameters>,
): (inputs: readonly Operand[], parameters: Parameters) => Value {
  return (inputs, parameters) =>
    apply(
      operation,
      inputs.map((input) => toValue(operation.name, input)),
      parameters,
    );
}
