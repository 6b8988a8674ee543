import {
  ArgumentError,
  describe,
  inFunction,
  requireArray,
  requireFunction,
  requireObject,
} from "../errors.js";
import type { Tensor } from "../tensor/view.js";
import { type ArithmeticParameters, arithmeticOperations } from "./arithmetic.js";
import { convolutionOperations } from "./convolution.js";
import { elementaryOperations } from "./elementary.js";
import { extremaOperations } from "./extrema.js";
import { type LinearParameters, linearOperations } from "./linear.js";
import { matmulOperations } from "./matmul.js";
import { poolingOperations } from "./pooling.js";
import { powerOperations } from "./power.js";
import { reduceOperations } from "./reduce.js";
import { softmaxOperations } from "./softmax.js";
import { apply, type Operation, RuleError } from "./trace.js";
import { type Operand, toValue, type Value } from "./value.js";

/** Every operation with its rules. A row without run, jvp or vjp does not compile; neither does a missing row. */
export const operations = {
  ...linearOperations,
  ...arithmeticOperations,
  ...elementaryOperations,
  ...extremaOperations,
  ...powerOperations,
  ...matmulOperations,
  ...reduceOperations,
  ...softmaxOperations,
  ...convolutionOperations,
  ...poolingOperations,
};

/** The operations that have rules, by name; `operations` has them. */
export type OperationName =
  | keyof LinearParameters
  | keyof ArithmeticParameters
  | keyof typeof elementaryOperations
  | keyof typeof extremaOperations
  | keyof typeof powerOperations
  | keyof typeof matmulOperations
  | keyof typeof reduceOperations
  | keyof typeof softmaxOperations
  | keyof typeof convolutionOperations
  | keyof typeof poolingOperations;

/**
 * A function of operands from a row of the caller's own. Write its rules in operations of this module, not on memory,
 * and all orders and nestings follow; `checkGrads` tells whether they are right. `run` must not write to its inputs.
 * @throws RuleError when `run` returns no tensor or a rule returns one of the wrong shape
 * @example
 * import { cos, defineOperation, grad, mul } from "flatward/autodiff";
 * import { tensor } from "flatward/tensor";
 * const sine = defineOperation({
 *   name: "sine",
 *   run: ([x]) => tensor(x.data.map(Math.sin), x.shape),
 *   jvp: ([dx], [x]) => mul(dx, cos(x)),
 *   vjp: (_index, adjoint, [x]) => mul(adjoint, cos(x)),
 * });
 * console.log(grad((x) => sine([x]))(Float64Array.of(0))[0]); // → 1
 */
export function defineOperation<P = undefined>(
  operation: Operation<P>,
): (inputs: readonly Operand[], ...parameters: undefined extends P ? [P?] : [P]) => Value {
  inFunction("defineOperation", () => {
    requireObject("operation", operation, "{ name, run, jvp, vjp }");
    if (typeof operation.name !== "string")
      throw new ArgumentError({ expected: "operation.name to be a text", got: describe(operation.name) });
    for (const rule of ["run", "jvp", "vjp"] as const) requireFunction(`operation.${rule}`, operation[rule]);
  });
  const checked: Operation<P> = {
    ...operation,
    run(inputs, parameters) {
      return inFunction(operation.name, () => {
        const output: unknown = operation.run(inputs, parameters);
        if (output === null || typeof output !== "object" || !("shape" in output))
          throw new RuleError(operation.name, "run", undefined, output);
        // A view is a fair result; what follows needs dense memory.
        return toValue(output as Tensor) as Tensor;
      });
    },
  };
  return (inputs, ...[parameters]) =>
    apply(
      checked,
      inFunction(operation.name, () => {
        requireArray("inputs", inputs, "a list, of one operand too: operation([x])");
        return inputs.map((input) => toValue(input));
      }),
      parameters as P,
    );
}
