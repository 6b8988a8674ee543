import { maxAbs, norm } from "./reduce.js";

/** A new vector x/‖x‖, accurate down to denormal x; null where x = 0. */
export function unitVector(x: Float64Array): Float64Array | null {
  const unit = new Float64Array(x.length);
  const length = overLargest(unit, x);
  if (length === 0) return null;
  for (let i = 0; i < unit.length; i++) unit[i] /= length;
  return unit;
}

/** Overwrites x with a + scale·x/‖x‖; where x = 0 nothing is done, and false returned. */
export function toPlusUnit(x: Float64Array, a: Float64Array, scale: number): boolean {
  const length = overLargest(x, x);
  if (length === 0) return false;
  for (let i = 0; i < x.length; i++) x[i] = a[i] + scale * (x[i] / length);
  return true;
}

/**
 * out ← x/max|x_i|; returns its length, or 0 where x = 0. 1/‖x‖ may overflow, and a denormal ‖x‖ has few digits: of entries up
 * to 1 neither is so.
 */
function overLargest(out: Float64Array, x: Float64Array): number {
  const largest = maxAbs(x);
  if (largest === 0) return 0;
  for (let i = 0; i < out.length; i++) out[i] = x[i] / largest;
  return norm(out);
}
