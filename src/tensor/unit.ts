import { maxAbs, norm } from "./reduce.js";

/** A new vector x/‖x‖, accurate down to denormal x; null where x = 0. */
export function unitVector(x: Float64Array): Float64Array | null {
  const largest = maxAbs(x);
  if (largest === 0) return null;
  // 1/‖x‖ may overflow, and a denormal ‖x‖ has few digits: of entries up to 1 neither is so.
  const unit = x.map((entry) => entry / largest);
  const length = norm(unit);
  for (let i = 0; i < unit.length; i++) unit[i] /= length;
  return unit;
}
