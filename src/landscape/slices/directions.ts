import { ArgumentError, NonFiniteError, requireFinite, requireVector } from "../../errors.js";
import { orthogonalize } from "../../linalg/orthogonalize.js";
import { normalize } from "../../linalg/vectors.js";
import type { Objective } from "../../optim/objective.js";
import { addScaled } from "../../tensor/elementwise.js";
import { dot, norm } from "../../tensor/reduce.js";
import { normalizedHessian } from "../hessian-at.js";

/**
 * The direction (n) from one point to another: 0 is `from`, and 1 is `to` up to rounding.
 * @throws ShapeError, NonFiniteError; ArgumentError where both are the same point
 * Goodfellow, Vinyals & Saxe 2015.
 */
export function lineDirection(from: Float64Array, to: Float64Array): Float64Array {
  const where = "lineDirection";
  requireVector(where, "from", from?.length, from);
  requireVector(where, "to", from.length, to);
  requireFinite(where, "from", from);
  requireFinite(where, "to", to);
  const direction = to.slice();
  addScaled(direction, -1, from);
  requireFinite(where, "the line", direction);
  requireLength(where, "the line", direction);
  return direction;
}

export interface OrthogonalDirection {
  /** As long as before. */
  readonly direction: Float64Array;
  /** The cosine of the angle that there was. */
  readonly cosine: number;
}

/**
 * A direction (n) without its component along another, scaled back to the length that it had.
 * @throws ShapeError, NonFiniteError; ArgumentError where one is 0 or they are parallel
 */
export function orthogonalDirection(direction: Float64Array, to: Float64Array): OrthogonalDirection {
  const where = "orthogonalDirection";
  const cosine = cosineOf(where, direction, to);
  const axis = to.slice();
  normalize(axis);
  const length = norm(direction);
  const out = direction.slice();
  const left = orthogonalize(out, [axis], [], 0);
  // What is left of parallel vectors is rounding.
  if (left <= Number.EPSILON * length * direction.length)
    throw new ArgumentError({
      where,
      expected: "directions that are not parallel",
      got: `a cosine of ${cosine}`,
      next: "draw another one",
    });
  for (let i = 0; i < out.length; i++) out[i] = length * (out[i] / left);
  return { direction: out, cosine };
}

/**
 * The cosine of the angle between two directions (n), in [−1, 1].
 * @throws ShapeError, NonFiniteError; ArgumentError where one is 0
 */
export function directionCosine(a: Float64Array, b: Float64Array): number {
  return cosineOf("directionCosine", a, b);
}

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
 */
export function directionalDerivatives(
  objective: Objective,
  theta: Float64Array,
  direction: Float64Array,
): DirectionalDerivatives {
  const where = "directionalDerivatives";
  const hessian = normalizedHessian(where, objective, theta, {});
  requireVector(where, "direction", objective.size, direction);
  requireFinite(where, "direction", direction);
  const product = new Float64Array(objective.size);
  hessian.apply(direction, product);
  const gradient = requireVector(where, "the gradient", objective.size, objective.gradient(theta));
  requireFinite(where, "the gradient", gradient);
  return { slope: dot(gradient, direction), curvature: dot(direction, product) };
}

function cosineOf(where: string, a: Float64Array, b: Float64Array): number {
  requireVector(where, "a direction", a?.length, a);
  requireVector(where, "a direction", a.length, b);
  requireFinite(where, "a direction", a);
  requireFinite(where, "a direction", b);
  const lengths = [requireLength(where, "a direction", a), requireLength(where, "a direction", b)];
  const unit = a.map((entry) => entry / lengths[0]);
  return Math.max(-1, Math.min(1, dot(unit, b) / lengths[1]));
}

/** @throws ArgumentError for a vector of length 0, NonFiniteError for a length beyond the largest number */
function requireLength(where: string, name: string, v: Float64Array): number {
  const length = norm(v);
  if (length === Number.POSITIVE_INFINITY)
    throw new NonFiniteError({ where, expected: `${name} to have a finite length`, got: String(length) });
  if (length > 0) return length;
  throw new ArgumentError({ where, expected: `${name} to have a length`, got: "0 everywhere" });
}
