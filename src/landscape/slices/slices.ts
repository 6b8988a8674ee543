import {
  ArgumentError,
  describe,
  inFunction,
  NonFiniteError,
  requireFew,
  requireFinite,
  requireFunction,
  requireInteger,
  requireNumber,
  requireObject,
  requireVector,
  ShapeError,
} from "../../errors.js";
import { requireOptions } from "../../options.js";
import { addScaled } from "../../tensor/elementwise.js";

/** Range and number of the coordinates along one direction. */
export interface SliceGridOptions {
  /** From −range to range, > 0; or from the first number to the second. */
  readonly range: number | readonly [from: number, to: number];
  /** ≥ 2. An odd number has the middle among them. */
  readonly points: number;
}

/**
 * Evenly spaced coordinates along one direction (points), ascending, both ends included; around 0 they are symmetric to
 * the bit, and an odd number has 0 itself in the middle.
 * @throws ArgumentError
 * @example
 * import { sliceGrid } from "flatward/landscape";
 * console.log(Array.from(sliceGrid({ range: 1, points: 5 }))); // → [ -1, -0.5, 0, 0.5, 1 ]
 */
export function sliceGrid(options: SliceGridOptions): Float64Array {
  return inFunction("sliceGrid", () => {
    requireOptions(options, ["range", "points"], "{ range, points }");
    const { range, points } = options;
    requireFew("points", requireInteger("points", points, 2));
    const [from, to] = endsOf(range);
    // Halves: to − from may overflow.
    const middle = from / 2 + to / 2;
    const half = to / 2 - from / 2;
    const grid = Float64Array.from(
      { length: points },
      (_, i) => middle + half * ((2 * i - (points - 1)) / (points - 1)),
    );
    grid[0] = from;
    grid[points - 1] = to;
    if (grid.every((t, i) => i === 0 || t > grid[i - 1])) return grid;
    throw new ArgumentError({
      expected: `${points} different numbers in range`,
      got: `ends ${from} and ${to}, with fewer between them`,
      next: "make the range wider, or take fewer points",
    });
  });
}

function endsOf(range: SliceGridOptions["range"]): readonly [number, number] {
  if (!Array.isArray(range)) {
    const end = requireNumber("range", range, { above: 0 });
    return [-end, end];
  }
  const [from, to] = range;
  requireNumber("the beginning of range", from);
  return [from, requireNumber("the end of range", to, { above: from })];
}

/** The values of a function on a line or a plane through theta. */
export interface Slice {
  /** (points) in one dimension, (points of y, points of x) in two. */
  readonly shape: readonly number[];
  /** Row-major: the value at x_i, y_j is `values[j·shape[1] + i]`. NaN where the function is not finite. */
  readonly values: Float64Array;
  /** How many are NaN. */
  readonly missing: number;
}

/**
 * The values of a function over a line or a plane through theta (n): f(θ + x_i d₁), or f(θ + x_i d₁ + y_j d₂). A row of a
 * plane by itself, `[x, y.subarray(j, j + 1)]`, has the bits that it has in the whole. At coordinates 0 the function sees
 * the bits of theta, −0 included.
 * @param f of theta (n), such as an objective's `value`; it gets one vector again and again, which it must not keep. Where
 * it returns no finite number, or raises a NonFiniteError, its value is missing.
 * @param directions one or two vectors (n), of any length
 * @param axes coordinates along each, see `sliceGrid`
 * @throws ArgumentError, ShapeError, NonFiniteError for what is not finite in the arguments; and whatever else f throws
 * Goodfellow, Vinyals & Saxe 2015; Li et al. 2018.
 * @example
 * import { objectiveOf } from "flatward";
 * import { sliceGrid, sliceValues } from "flatward/landscape";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * const axis = sliceGrid({ range: 1, points: 3 });
 * const { values } = sliceValues(bowl.value, Float64Array.of(0, 0), [Float64Array.of(1, 0)], [axis]);
 * console.log(Array.from(values)); // → [ 2, 0, 2 ]
 */
export function sliceValues(
  f: (theta: Float64Array) => number,
  theta: Float64Array,
  directions: readonly Float64Array[],
  axes: readonly ArrayLike<number>[],
): Slice {
  return inFunction("sliceValues", () => {
    requireFunction("f", f, "an objective has one: objective.value");
    requireVector("theta", theta?.length, theta);
    requireFinite("theta", theta);
    checkPlane(theta.length, directions, axes);

    const [xs, ys] = axes;
    const rows = ys?.length ?? 1;
    const values = new Float64Array(rows * xs.length);
    const point = new Float64Array(theta.length);
    let missing = 0;
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < xs.length; i++) {
        point.set(theta);
        if (xs[i] !== 0) addScaled(point, xs[i], directions[0]);
        if (ys && ys[j] !== 0) addScaled(point, ys[j], directions[1]);
        const value = finiteOrNaN(f, point);
        values[j * xs.length + i] = value;
        if (Number.isNaN(value)) missing++;
      }
    }
    return { shape: ys ? [rows, xs.length] : [xs.length], values, missing };
  });
}

function finiteOrNaN(f: (theta: Float64Array) => number, point: Float64Array): number {
  try {
    const value = f(point);
    return Number.isFinite(value) ? value : Number.NaN;
  } catch (error) {
    if (error instanceof NonFiniteError) return Number.NaN;
    throw error;
  }
}

function checkPlane(
  size: number,
  directions: readonly Float64Array[],
  axes: readonly ArrayLike<number>[],
): void {
  const count = Array.isArray(directions) ? directions.length : 0;
  if (count !== 1 && count !== 2)
    throw new ArgumentError({ expected: "one or two directions", got: describe(directions) });
  for (const direction of directions) {
    requireVector("a direction", size, direction);
    requireFinite("a direction", direction);
  }
  if (!Array.isArray(axes) || axes.length !== count)
    throw new ShapeError({
      expected: `axes to be ${count} ${count === 1 ? "list" : "lists"} of coordinates, one for each direction`,
      got: describe(axes),
      next: "sliceGrid makes one",
    });
  for (const axis of axes) {
    requireObject("an axis", axis, "sliceGrid makes one");
    requireInteger("the length of an axis", axis.length, 1);
    for (let i = 0; i < axis.length; i++) requireNumber("a coordinate", axis[i]);
  }
}
