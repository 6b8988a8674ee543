import { addScaled } from "../tensor/elementwise.js";
import { dot, norm } from "../tensor/reduce.js";

/** Twice is enough unless v lies in the span to rounding, and then more do not help. */
const MOST_PASSES = 5;

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
  for (let pass = 1; pass <= MOST_PASSES; pass++) {
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
