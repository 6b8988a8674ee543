import { type LanczosOptions, lanczos } from "../../linalg/krylov/lanczos.js";
import type { IterationReport } from "../../linalg/result.js";
import type { Objective } from "../../optim/objective.js";
import { maxAbs } from "../../tensor/reduce.js";
import { hessianAt } from "../hessian-at.js";

export interface EigenvectorDirections extends IterationReport {
  /** Of unit length and orthogonal to one another; in each, the entry largest in size is positive. */
  readonly directions: readonly Float64Array[];
  /** Their eigenvalues: those from the top descending, then those from the bottom ascending. */
  readonly values: readonly number[];
  /** ‖Hv − λv‖ of each. */
  readonly residuals: readonly number[];
}

/**
 * The eigenvectors of an objective's Hessian at theta for its k largest eigenvalues, its k smallest, or both, by Lanczos.
 * @throws ArgumentError, as for an objective without `hessianVectorProduct`; ShapeError, NonFiniteError
 * @example
 * import { objectiveOf } from "flatward";
 * import { eigenvectorDirections } from "flatward/landscape";
 * // x² + y² + xy, whose Hessian is [[2, 1], [1, 2]].
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: x * x + y * y + x * y, gradient: Float64Array.of(2 * x + y, x + 2 * y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(2 * v + w, v + 2 * w),
 * });
 * const { values, directions } = eigenvectorDirections(bowl, Float64Array.of(0, 0), { k: 1 });
 * console.log(values[0].toFixed(4), Array.from(directions[0], (x) => x.toFixed(4))); // → 3.0000 [ '0.7071', '0.7071' ]
 */
export function eigenvectorDirections(
  objective: Objective,
  theta: Float64Array,
  options: LanczosOptions = {},
): EigenvectorDirections {
  const { values, vectors, residuals, iterations, products, status } = lanczos(
    hessianAt(objective, theta),
    options,
  );
  const [size, count] = vectors.shape;
  const { which = "largest", k = 1 } = options ?? {};
  const low = which === "smallest" ? count : which === "both" ? Math.min(k, count >> 1) : 0;
  const order = Array.from({ length: count }, (_, i) =>
    i < count - low ? count - 1 - i : i - (count - low),
  );
  return {
    directions: order.map((j) => {
      const v = Float64Array.from({ length: size }, (_, i) => vectors.data[i * count + j]);
      const largest = maxAbs(v);
      return v.includes(largest) ? v : v.map((entry) => -entry);
    }),
    values: order.map((j) => values[j]),
    residuals: order.map((j) => residuals[j]),
    iterations,
    products,
    status,
  };
}
