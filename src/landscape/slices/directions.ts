import {
  ArgumentError,
  inFunction,
  NonFiniteError,
  requireFinite,
  requireFiniteValue,
  requireInteger,
  requireVector,
} from "../../errors.js";
import { fillNormal, normalize, orthogonalize } from "../../linalg/vectors.js";
import type { ParameterLayout } from "../../nn/layout.js";
import { asObjective, type Objective } from "../../optim/objective.js";
import { optionsOf } from "../../options.js";
import { randomStream } from "../../random.js";
import { addScaled } from "../../tensor/elementwise.js";
import { dot, norm } from "../../tensor/reduce.js";
import { normalizedHessian } from "../hessian-at.js";
import { type DirectionNormalizationOptions, normalizedDirection } from "./normalized-direction.js";

/** Which random direction is drawn, and how it is scaled. */
export interface RandomDirectionOptions extends DirectionNormalizationOptions {
  /** ≥ 0. Default 0. */
  readonly seed?: number | undefined;
  /** Which of the seed's directions, ≥ 0: they are independent of one another. Default 0. */
  readonly index?: number | undefined;
}

/**
 * A direction (n) of independent standard normal numbers, normalised to theta.
 * @param layout the network's
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Li et al. 2018, Section 4.
 * @example
 * import { threeLayerNet } from "flatward";
 * import { norm } from "flatward/tensor";
 * import { randomDirection } from "flatward/landscape";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, bias: false });
 * const theta = net.init(1);
 * // Filter by filter as long as theta, and so as a whole.
 * console.log((norm(randomDirection(theta, net.layout, { seed: 5 })) / norm(theta)).toFixed(6)); // → 1.000000
 */
export function randomDirection(
  theta: Float64Array,
  layout: ParameterLayout,
  options: RandomDirectionOptions = {},
): Float64Array {
  return inFunction("randomDirection", () => {
    const given = optionsOf(options, ["normalization", "vectors", "seed", "index"]);
    const { seed = 0, index = 0, ...normalization } = given;
    requireInteger("seed", seed, 0);
    requireInteger("index", index, 0);
    requireVector("theta", theta?.length, theta);
    const drawn = new Float64Array(theta.length);
    fillNormal(drawn, randomStream(seed, "randomDirection", index));
    return normalizedDirection(drawn, theta, layout, normalization);
  });
}

/**
 * The direction (n) from one point to another: 0 is `from`, and 1 is `to` up to rounding.
 * @throws ShapeError, NonFiniteError; ArgumentError where both are the same point
 * Goodfellow, Vinyals & Saxe 2015.
 * @example
 * import { lineDirection } from "flatward/landscape";
 * console.log(Array.from(lineDirection(Float64Array.of(1, 2), Float64Array.of(4, 6)))); // → [ 3, 4 ]
 */
export function lineDirection(from: Float64Array, to: Float64Array): Float64Array {
  return inFunction("lineDirection", () => {
    requireVector("from", from?.length, from);
    requireVector("to", from.length, to);
    requireFinite("from", from);
    requireFinite("to", to);
    const direction = to.slice();
    addScaled(direction, -1, from);
    requireFinite("the line", direction);
    requireLength("the line", direction);
    return direction;
  });
}

/** A direction made orthogonal to another. */
export interface OrthogonalDirection {
  /** As long as before. */
  readonly direction: Float64Array;
  /** The cosine of the angle that there was. */
  readonly cosine: number;
}

/**
 * A direction (n) without its component along another, scaled back to the length that it had.
 * @throws ShapeError, NonFiniteError; ArgumentError where one is 0 or they are parallel
 * @example
 * import { orthogonalDirection } from "flatward/landscape";
 * const { direction, cosine } = orthogonalDirection(Float64Array.of(3, 4), Float64Array.of(1, 0));
 * console.log(Array.from(direction), cosine.toFixed(4)); // → [ 0, 5 ] 0.6000
 */
export function orthogonalDirection(direction: Float64Array, to: Float64Array): OrthogonalDirection {
  return inFunction("orthogonalDirection", () => {
    const cosine = cosineOf(direction, to);
    const axis = to.slice();
    normalize(axis);
    const length = norm(direction);
    const out = direction.slice();
    const left = orthogonalize(out, [axis], [], 0);
    // What is left of parallel vectors is rounding.
    if (left <= Number.EPSILON * length * direction.length)
      throw new ArgumentError({
        expected: "directions that are not parallel",
        got: `a cosine of ${cosine}`,
        next: "draw another one",
      });
    for (let i = 0; i < out.length; i++) out[i] = length * (out[i] / left);
    return { direction: out, cosine };
  });
}

/**
 * The cosine of the angle between two directions (n), in [−1, 1].
 * @throws ShapeError, NonFiniteError; ArgumentError where one is 0
 * @example
 * import { directionCosine } from "flatward/landscape";
 * console.log(directionCosine(Float64Array.of(1, 0), Float64Array.of(3, 4)).toFixed(4)); // → 0.6000
 */
export function directionCosine(a: Float64Array, b: Float64Array): number {
  return inFunction("directionCosine", () => cosineOf(a, b));
}

/** First and second derivative of the loss along a direction d. */
export interface DirectionalDerivatives {
  /** ∇Lᵀd: of t ↦ L(θ + t d) at 0. */
  readonly slope: number;
  /** dᵀH d: its second derivative. */
  readonly curvature: number;
}

/**
 * The first two derivatives of an objective at theta along a direction (n), which keeps its length: divide by ‖d‖ and ‖d‖²
 * for those per unit of length.
 * @throws ArgumentError, as for an objective without `hessianVectorProduct`; ShapeError, NonFiniteError
 * @example
 * import { objectiveOf } from "flatward";
 * import { directionalDerivatives } from "flatward/landscape";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * console.log(directionalDerivatives(bowl, Float64Array.of(1, 0), Float64Array.of(1, 0))); // → { slope: 4, curvature: 4 }
 */
export function directionalDerivatives(
  objective: Objective,
  theta: Float64Array,
  direction: Float64Array,
): DirectionalDerivatives {
  return inFunction("directionalDerivatives", () => {
    const hessian = normalizedHessian(objective, theta, {});
    requireVector("direction", objective.size, direction);
    requireFinite("direction", direction);
    const product = new Float64Array(objective.size);
    hessian.apply(direction, product);
    const gradient = asObjective(objective).gradient(theta);
    requireFinite("the gradient", gradient);
    const next = "a shorter direction may do";
    return {
      slope: requireFiniteValue("the slope", dot(gradient, direction), next),
      curvature: requireFiniteValue("the curvature", dot(direction, product), next),
    };
  });
}

function cosineOf(a: Float64Array, b: Float64Array): number {
  requireVector("a direction", a?.length, a);
  requireVector("a direction", a.length, b);
  requireFinite("a direction", a);
  requireFinite("a direction", b);
  const lengths = [requireLength("a direction", a), requireLength("a direction", b)];
  const unit = a.map((entry) => entry / lengths[0]);
  return Math.max(-1, Math.min(1, dot(unit, b) / lengths[1]));
}

/** @throws ArgumentError for a vector of length 0, NonFiniteError for a length beyond the largest number */
function requireLength(name: string, v: Float64Array): number {
  const length = norm(v);
  if (length === Number.POSITIVE_INFINITY)
    throw new NonFiniteError({ expected: `${name} to have a finite length`, got: String(length) });
  if (length > 0) return length;
  throw new ArgumentError({ expected: `${name} to have a length`, got: "0 everywhere" });
}
