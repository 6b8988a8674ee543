import { ArgumentError, inFunction } from "../errors.js";
import { zip } from "../tensor/broadcast.js";
import type { Tensor } from "../tensor/view.js";
import { greater, mul, sumOf, where } from "./arithmetic.js";
import { sumTo } from "./shape.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, untraced, type Value } from "./value.js";

/** The larger or the smaller of two, by what picks it. Where they tie, each has half of the derivative. */
function extremum(
  name: string,
  pick: (a: number, b: number) => number,
  wins: (x: Tensor, y: Tensor) => Tensor,
): Operation {
  /** 1 where x is picked, ½ at ties, 0 elsewhere: constant between ties. */
  const share = (x: Value, y: Value): Tensor => {
    const [own, other] = [untraced(x), untraced(y)];
    return zip(wins(own, other), wins(other, own), (out, start, end, a, aAt, aStep, b, bAt, bStep) => {
      for (let i = start; i < end; i++, aAt += aStep, bAt += bStep) out[i] = 0.5 * (1 + a[aAt] - b[bAt]);
    });
  };
  // Not a product by 0: an infinite derivative of what is not picked must not become NaN.
  const shared = (d: Value, x: Value, y: Value): Value => {
    const part = share(x, y);
    return where(part, mul(d, part), 0);
  };
  return {
    name,
    run: ([x, y]) =>
      inFunction(name, () =>
        zip(x, y, (out, start, end, a, aAt, aStep, b, bAt, bStep) => {
          for (let i = start; i < end; i++, aAt += aStep, bAt += bStep) out[i] = pick(a[aAt], b[bAt]);
        }),
      ),
    jvp: ([dx, dy], [x, y]) => sumOf(dx && shared(dx, x, y), dy && shared(dy, y, x)),
    vjp: (index, g, inputs) => sumTo(shared(g, inputs[index], inputs[1 - index]), inputs[index].shape),
  };
}

export const extremaOperations = {
  maximum: extremum("maximum", Math.max, greater),
  minimum: extremum("minimum", Math.min, (x, y) => greater(y, x)),
} satisfies Record<string, Operation>;

/**
 * The larger of x and y, stretched to one shape; ties share the derivative equally. @throws ShapeError
 * @example
 * import { maximum } from "flatward/autodiff";
 * console.log(Array.from(maximum([1, 5, 3], 2).data)); // → [ 2, 5, 3 ]
 */
export function maximum(x: Operand, y: Operand): Value {
  return inFunction("maximum", () => apply(extremaOperations.maximum, [toValue(x), toValue(y)], undefined));
}

/**
 * The smaller of x and y, stretched to one shape; ties share the derivative equally. @throws ShapeError
 * @example
 * import { minimum } from "flatward/autodiff";
 * console.log(Array.from(minimum([1, 5, 3], 2).data)); // → [ 1, 2, 2 ]
 */
export function minimum(x: Operand, y: Operand): Value {
  return inFunction("minimum", () => apply(extremaOperations.minimum, [toValue(x), toValue(y)], undefined));
}

/**
 * x where it is in [low, high], the nearer end elsewhere: min(max(x, low), high). On an end half of the derivative is x's.
 * @throws ArgumentError where low > high or either is NaN, ShapeError
 * @example
 * import { clip } from "flatward/autodiff";
 * console.log(Array.from(clip([-2, 0.5, 3], 0, 1).data)); // → [ 0, 0.5, 1 ]
 */
export function clip(x: Operand, low: Operand, high: Operand): Value {
  return inFunction("clip", () => {
    const [least, most] = [toValue(low), toValue(high)];
    zip(untraced(least), untraced(most), (_out, start, end, a, aAt, aStep, b, bAt, bStep) => {
      for (let i = start; i < end; i++, aAt += aStep, bAt += bStep)
        if (!(a[aAt] <= b[bAt]))
          throw new ArgumentError({ expected: "low ≤ high", got: `${a[aAt]} and ${b[bAt]}` });
    });
    return minimum(maximum(x, least), most);
  });
}
