import { rowMajor, type TensorLike } from "../tensor/view.js";
import { isFloat64Array } from "../typed-arrays.js";
import * as reduce from "./reduce.js";
import * as shape from "./shape.js";
import { type Operand, Traced, type Value } from "./value.js";

// Within a transformation a result may share memory with what it was made from, since nobody writes to it. These are the
// operations that do so, as users call them: what they return outside of one is the caller's to change.

function owning<Rest extends unknown[]>(operation: (x: Operand, ...rest: Rest) => Value) {
  return (x: Operand, ...rest: Rest): Value => {
    const result = operation(x, ...rest);
    if (result instanceof Traced) return result;
    const memory = isFloat64Array(x) ? x : (x as Partial<TensorLike>).data;
    return memory?.buffer === result.data.buffer ? rowMajor(result.data.slice(), result.shape) : result;
  };
}

/**
 * `x` stretched to a shape, as by NumPy's rules. @throws ShapeError when it does not stretch to it
 * @example
 * import { broadcastTo } from "flatward/autodiff";
 * console.log(Array.from(broadcastTo([1, 2], [2, 2]).data)); // → [ 1, 2, 1, 2 ]
 */
export const broadcastTo = owning(shape.broadcastTo);
/**
 * The adjoint of `broadcastTo`: sums over the axes along which the shape stretches to that of `x`. @throws ShapeError
 * @example
 * import { sumTo } from "flatward/autodiff";
 * console.log(Array.from(sumTo([[1, 2], [3, 4]], [2]).data)); // → [ 4, 6 ]
 */
export const sumTo = owning(shape.sumTo);
/**
 * The same elements in another shape; one extent may be −1 and is then computed. @throws ShapeError
 * @example
 * import { reshape } from "flatward/autodiff";
 * console.log(reshape([1, 2, 3, 4, 5, 6], [2, -1]).shape); // → [ 2, 3 ]
 */
export const reshape = owning(shape.reshape);
/**
 * Axes in another order; the reverse order by default. @throws ArgumentError
 * @example
 * import { transpose } from "flatward/autodiff";
 * console.log(Array.from(transpose([[1, 2], [3, 4]]).data)); // → [ 1, 3, 2, 4 ]
 */
export const transpose = owning(shape.transpose);
/**
 * Elements `start` … `end` − 1 along every axis; axes left out are taken whole. @throws ShapeError
 * @example
 * import { slice } from "flatward/autodiff";
 * console.log(Array.from(slice([[1, 2, 3], [4, 5, 6]], [0, 1], [2, 3]).data)); // → [ 2, 3, 5, 6 ]
 */
export const slice = owning(shape.slice);
/**
 * Sum over axes. @throws ArgumentError
 * @example
 * import { sum } from "flatward/autodiff";
 * console.log(Array.from(sum([[1, 2], [3, 4]], { axes: [0] }).data)); // → [ 4, 6 ]
 */
export const sum = owning(reduce.sum);
/**
 * Product over axes, 1 of nothing; its derivatives are right where factors are 0, and cost about log₂ of their number in
 * operations. @throws ArgumentError
 * @example
 * import { item, prod } from "flatward/autodiff";
 * console.log(item(prod([2, 3, 4]))); // → 24
 */
export const prod = owning(reduce.prod);
