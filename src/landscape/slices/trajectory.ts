import {
  ArgumentError,
  describe,
  inFunction,
  requireFinite,
  requireInteger,
  requireVector,
} from "../../errors.js";
import { symmetricEigen } from "../../linalg/dense/eigh.js";
import { normalize, orthogonalize } from "../../linalg/vectors.js";
import { optionsOf } from "../../options.js";
import { addScaled } from "../../tensor/elementwise.js";
import { dot, norm } from "../../tensor/reduce.js";
import { rowMajor, type Tensor } from "../../tensor/view.js";

/** How many principal directions are wanted. */
export interface TrajectoryOptions {
  /** Principal directions wanted, ≥ 1, fewer than there are points. Default 2. */
  readonly components?: number | undefined;
}

/** The principal directions of m points, and the points projected onto them. */
export interface TrajectoryDirections {
  /** Orthonormal, the one of greatest variance first. The first point has no negative coordinate. */
  readonly directions: readonly Float64Array[];
  /** The variance of the points along each: an eigenvalue of their covariance matrix (divisor m). */
  readonly variances: readonly number[];
  /** Its share of the variance in all directions, in [0, 1]. */
  readonly explained: readonly number[];
  /** (m, components): the points projected onto the plane through the last of them, where that one is 0. */
  readonly path: Tensor;
}

/**
 * Principal component analysis of a training trajectory θ_1 … θ_m, each (n): the plane that shows most of it. It solves
 * the m×m eigenproblem of the points' inner products, never the n×n one of their covariance; variances below 1e-16 of
 * the largest are lost in that.
 * @param thetas at least 2, such as the parameters after every epoch; none is changed
 * @throws ShapeError, NonFiniteError; ArgumentError where the points do not extend in so many directions by more than
 * rounding
 * Li et al. 2018, Section 7; Lorch 2016.
 * @example
 * import { trajectoryDirections } from "flatward/landscape";
 * // Along a line, up to a small turn at the end.
 * const path = [[0, 0], [1, 1], [2, 2], [3, 3.1]].map((point) => Float64Array.from(point));
 * const { explained } = trajectoryDirections(path, { components: 1 });
 * console.log(explained[0].toFixed(3)); // → 1.000
 */
export function trajectoryDirections(
  thetas: readonly Float64Array[],
  options: TrajectoryOptions = {},
): TrajectoryDirections {
  return inFunction("trajectoryDirections", () => {
    const { components = 2 } = optionsOf(options, ["components"]);
    requireInteger("components", components, 1);
    checkPoints(thetas, components);
    const count = thetas.length;
    const centred = deviations(thetas);
    const gram = new Float64Array(count * count);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        gram[i * count + j] = dot(centred[i], centred[j]);
        gram[j * count + i] = gram[i * count + j];
      }
    }
    requireFinite("the points' inner products", gram, "divide the points by a common factor");
    const { values, vectors } = symmetricEigen(rowMajor(gram, [count, count]), { vectors: true });

    const rounding = Number.EPSILON * thetas.reduce((largest, theta) => Math.max(largest, norm(theta)), 0);
    const total = centred.reduce((sum, point) => sum + dot(point, point), 0);
    const directions: Float64Array[] = [];
    const variances: number[] = [];
    const path = new Float64Array(count * components);
    for (let k = 0; k < components; k++) {
      const column = count - 1 - k;
      // Points that differ in their last bits, or a line that is straight up to them, extend in no direction.
      if (
        !(values[column] > Math.max(count * Number.EPSILON * values[count - 1], count * rounding * rounding))
      )
        throw new ArgumentError({
          expected: `points that extend in ${components} directions`,
          got: `points that extend in ${k}`,
          next: k > 0 ? `ask for components: ${k}` : "they are all the same, up to rounding",
        });
      const direction = new Float64Array(thetas[0].length);
      for (let i = 0; i < count; i++) addScaled(direction, vectors.data[i * count + column], centred[i]);
      normalize(direction, orthogonalize(direction, directions, [], 0));
      const along = centred.map((point) => dot(point, direction));
      const sign = along[0] < along[count - 1] ? -1 : 1;
      directions.push(direction.map((entry) => sign * entry));
      variances.push(along.reduce((sum, t) => sum + t * t, 0) / count);
      for (let i = 0; i < count; i++) {
        const fromLast = along[i] - along[count - 1];
        path[i * components + k] = sign < 0 ? 0 - fromLast : fromLast;
      }
    }
    return {
      directions,
      variances,
      explained: variances.map((variance) => Math.min(1, (variance * count) / total)),
      path: rowMajor(path, [count, components]),
    };
  });
}

/** The points less their mean. */
function deviations(thetas: readonly Float64Array[]): Float64Array[] {
  const [first] = thetas;
  // Less the first one first: what all have in common would leave its rounding in the mean.
  const steps = thetas.map((theta) => theta.map((entry, i) => entry - first[i]));
  const mean = new Float64Array(first.length);
  for (const step of steps) addScaled(mean, 1 / thetas.length, step);
  return steps.map((step) => step.map((entry, i) => entry - mean[i]));
}

function checkPoints(thetas: readonly Float64Array[], components: number): void {
  if (!Array.isArray(thetas) || thetas.length <= components)
    throw new ArgumentError({
      expected: `thetas to be a list of more than ${components} points`,
      got: describe(thetas),
      next: "onStep of minimize sees them all: keep copies of some",
    });
  for (const theta of thetas) {
    requireVector("every theta", thetas[0]?.length, theta);
    requireFinite("every theta", theta);
  }
}
