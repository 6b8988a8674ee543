import type { RandomStream } from "../random.js";
import { addScaled } from "../tensor/elementwise.js";
import { dot, norm } from "../tensor/reduce.js";

/** Twice is enough unless v lies in the span to rounding, and then more do not help. */
const MAX_PASSES = 5;

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
 * Orthogonalises v in place against orthonormal vectors by repeated Gram–Schmidt, at least twice, and until a pass
 * leaves most of it (Giraud, Langou, Rozložník & van den Eshof 2005).
 * @param fixed all of them @param basis the first `count` of them
 * @param coefficients receives basis_iᵀ v in 0 … count − 1, when given
 * @returns ‖v‖ afterwards; 0 where v lies in the span
 */
export function orthogonalize(
  v: Float64Array,
  fixed: readonly Float64Array[],
  basis: readonly Float64Array[],
  count: number,
  coefficients?: Float64Array,
): number {
  coefficients?.fill(0, 0, count);
  let length = norm(v);
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    for (const unit of fixed) addScaled(v, -dot(unit, v), unit);
    for (let i = 0; i < count; i++) {
      const component = dot(basis[i], v);
      addScaled(v, -component, basis[i]);
      if (coefficients) coefficients[i] += component;
    }
    const before = length;
    length = norm(v);
    if (length === 0) return 0;
    if (pass > 1 && length > 0.5 * before) return length;
  }
  return 0;
}
