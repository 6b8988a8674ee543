import { framing } from "../engine/framing.js";
import type { Frame2 } from "../engine/input-plane.js";

/** A plane in the space of parameters, by a point and two orthogonal directions of length 1. */
export interface Plane {
  readonly origin: Float64Array;
  readonly axes: readonly [Float64Array, Float64Array];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Of length 1, or nothing where it has no length to speak of beside `scale`. */
function unit(vector: Float64Array, scale: number): Float64Array | undefined {
  const length = Math.sqrt(dot(vector, vector));
  return length > 1e-9 * scale ? vector.map((entry) => entry / length) : undefined;
}

/** What of a vector is orthogonal to another of length 1. */
function orthogonal(vector: Float64Array, to: Float64Array): Float64Array {
  const share = dot(vector, to);
  return vector.map((entry, i) => entry - share * to[i]);
}

/** The plane through three points; where they lie on a line, or on one point, some plane through them. */
export function planeThrough(origin: Float64Array, a: Float64Array, b: Float64Array): Plane {
  const minus = (point: Float64Array) => point.map((entry, i) => entry - origin[i]);
  const scale = Math.sqrt(Math.max(dot(minus(a), minus(a)), dot(minus(b), minus(b))));
  const coordinate = (j: number) => Float64Array.from(origin, (_, i) => (i === j ? 1 : 0));
  const first = unit(minus(a), scale) ?? unit(minus(b), scale) ?? coordinate(0);
  const candidates = [minus(b), coordinate(0), coordinate(1)];
  for (const candidate of candidates) {
    // Twice, so that rounding is orthogonal too.
    const second = unit(
      orthogonal(orthogonal(candidate, first), first),
      candidate === candidates[0] ? scale : 1,
    );
    if (second !== undefined) return { origin, axes: [first, second] };
  }
  throw new Error("a plane needs two parameters");
}

/** Where a point lies, projected on the plane. */
export function onPlane({ origin, axes }: Plane, theta: Float64Array): [number, number] {
  const along = (axis: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < axis.length; i++) sum += axis[i] * (theta[i] - origin[i]);
    return sum;
  };
  return [along(axes[0]), along(axes[1])];
}

/** The part of a direction of length 1 that lies in the plane. */
export function inPlane({ axes }: Plane, direction: Float64Array): [number, number] {
  return [dot(axes[0], direction), dot(axes[1], direction)];
}

/** The part of the plane that holds all these points. */
export function viewOf(points: readonly (readonly [number, number])[], aspect: number): Frame2 {
  return framing(points.flat(), aspect, 0.3);
}

/** So many coordinates from one edge to the other, ascending. */
export function evenly(middle: number, half: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => middle + half * ((2 * i) / (count - 1) - 1));
}
