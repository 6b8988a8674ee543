import type { RandomStream } from "../random.js";
import { addScaled } from "../tensor/elementwise.js";
import { dot, norm } from "../tensor/reduce.js";

/** Twice is enough unless v lies in the span to rounding, and then more do not help. */
const MAX_PASSES = 5;

/** Relative to ‖v‖ √n: components up to this are rounding, of the very sums that they are found by. */
const ORTHOGONAL = Number.EPSILON / 16;

/** Overwrites v with independent standard normal numbers: a direction without preference. */
export function fillNormal(v: Float64Array, stream: RandomStream): void {
  for (let i = 0; i < v.length; i++) v[i] = stream.normal();
}

/** Overwrites v with independent random signs ±1. */
export function fillSigns(v: Float64Array, stream: RandomStream): void {
  let bits = 0;
  for (let i = 0; i < v.length; i++) {
    if (i % 32 === 0) bits = stream.bits();
    v[i] = bits & 1 ? 1 : -1;
    bits >>>= 1;
  }
}

/** v ← v/length, by default v/‖v‖. Divides, since 1/length may overflow. */
export function normalize(v: Float64Array, length = norm(v)): void {
  for (let i = 0; i < v.length; i++) v[i] /= length;
}

/**
 * Orthogonalises v in place against orthonormal vectors by Gram–Schmidt, again where a pass took most of v: twice is
 * enough (Parlett 1998, §6.9; Giraud, Langou, Rozložník & van den Eshof 2005).
 * @param fixed all of them @param basis the first `count` of them
 * @param coefficients adds basis_iᵀ v to 0 … count − 1, when given
 * @returns ‖v‖ afterwards; 0 where v lies in the span
 */
export function orthogonalize(
  v: Float64Array,
  fixed: readonly Float64Array[],
  basis: readonly Float64Array[],
  count: number,
  coefficients?: Float64Array,
): number {
  let length = norm(v);
  if (fixed.length + count === 0) return length;
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    const negligible = ORTHOGONAL * Math.sqrt(v.length) * length;
    removeComponents(v, fixed, fixed.length, negligible);
    removeComponents(v, basis, count, negligible, coefficients);
    const before = length;
    length = norm(v);
    if (length === 0) return 0;
    if (length > 0.5 * before) return length;
  }
  return 0;
}

/** v ← v − (unitᵀ v)·unit; returns unitᵀ v. */
export function removeComponent(v: Float64Array, unit: Float64Array): number {
  const component = dot(unit, v);
  addScaled(v, -component, unit);
  return component;
}

/**
 * v ← v − Σ (unit_iᵀ v)·unit_i for the first `count` vectors, which are orthonormal, and coefficients_i += unit_iᵀ v. Four
 * at a time: that hides the latency of their sums, and v is read and written once for all four; or only read, where v is
 * orthogonal to them already, which in Lanczos' iteration it mostly is.
 * @param negligible four components up to this stay
 */
function removeComponents(
  v: Float64Array,
  units: readonly Float64Array[],
  count: number,
  negligible: number,
  coefficients?: Float64Array,
): void {
  const n = v.length;
  let at = 0;
  for (; at + 3 < count; at += 4) {
    const a = units[at];
    const b = units[at + 1];
    const c = units[at + 2];
    const d = units[at + 3];
    let ofA = 0;
    let ofB = 0;
    let ofC = 0;
    let ofD = 0;
    for (let i = 0; i < n; i++) {
      const entry = v[i];
      ofA += a[i] * entry;
      ofB += b[i] * entry;
      ofC += c[i] * entry;
      ofD += d[i] * entry;
    }
    const most = Math.max(Math.abs(ofA), Math.abs(ofB), Math.abs(ofC), Math.abs(ofD));
    if (most <= negligible) continue;
    for (let i = 0; i < n; i++) v[i] -= ofA * a[i] + ofB * b[i] + (ofC * c[i] + ofD * d[i]);
    if (coefficients) {
      coefficients[at] += ofA;
      coefficients[at + 1] += ofB;
      coefficients[at + 2] += ofC;
      coefficients[at + 3] += ofD;
    }
  }
  for (; at < count; at++) {
    const component = removeComponent(v, units[at]);
    if (coefficients) coefficients[at] += component;
  }
}
