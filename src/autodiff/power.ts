import { inFunction, requireNumber } from "../errors.js";
import { power } from "../tensor/special.js";
import { withData, zeros } from "../tensor/view.js";
import { mul } from "./arithmetic.js";
import { exp, log } from "./elementary.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, type Value } from "./value.js";

export const powerOperations: { readonly pow: Operation<number> } = {
  pow: {
    name: "pow",
    run([x], exponent) {
      const out = new Float64Array(x.data.length);
      for (let i = 0; i < out.length; i++) out[i] = power(x.data[i], exponent);
      return withData(x, out);
    },
    jvp: ([dx], [x], _y, exponent) => times(dx as Value, x, exponent),
    vjp: (_index, g, [x], _y, exponent) => times(g, x, exponent),
  },
};

/** d·p·x^(p − 1). Of a constant and of x itself there is no power of x left, which may be infinite at 0. */
function times(d: Value, x: Value, exponent: number): Value {
  if (exponent === 0) return zeros(x.shape);
  if (exponent === 1) return d;
  return mul(d, mul(exponent, apply(powerOperations.pow, [x], exponent - 1)));
}

/**
 * x^p. For a number p at any x: an integer p by multiplications, NaN for other p where x < 0, 1 for p = 0. For an exponent
 * that is a tensor, to be differentiated too, e^(p log x): for x > 0, stretched to one shape.
 * @throws ArgumentError for a number p that is not finite, ShapeError
 * @example
 * import { pow } from "flatward/autodiff";
 * console.log(Array.from(pow([1, 2, 3], 3).data)); // → [ 1, 8, 27 ]
 */
export function pow(x: Operand, exponent: Operand): Value {
  return inFunction("pow", () => {
    const base = toValue(x);
    if (typeof exponent !== "number") return exp(mul(exponent, log(base)));
    return apply(powerOperations.pow, [base], requireNumber("the exponent", exponent));
  });
}
