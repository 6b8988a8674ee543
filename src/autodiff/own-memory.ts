import type { TensorLike } from "../tensor/view.js";
import { rowMajor } from "../tensor/view.js";
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

/** `x` stretched to a shape, as by NumPy's rules. @throws ShapeError when it does not stretch to it */
export const broadcastTo = owning(shape.broadcastTo);
/** The adjoint of `broadcastTo`: sums over the axes along which the shape stretches to that of `x`. @throws ShapeError */
export const sumTo = owning(shape.sumTo);
/** The same elements in another shape; one extent may be −1 and is then computed. @throws ShapeError */
export const reshape = owning(shape.reshape);
/** Axes in another order; the reverse order by default. @throws ArgumentError */
export const transpose = owning(shape.transpose);
/** Elements `start` … `end` − 1 along every axis; axes left out are taken whole. @throws ShapeError */
export const slice = owning(shape.slice);
/** Sum over axes. @throws ArgumentError */
export const sum = owning(reduce.sum);
/**
 * Product over axes, 1 of nothing; its derivatives are right where factors are 0, and cost about log₂ of their number in
 * operations. @throws ArgumentError
 */
export const prod = owning(reduce.prod);
