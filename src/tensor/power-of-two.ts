/** The largest power of two ≤ x, exact to divide by; 1 where x is not a positive finite number. */
export function powerOfTwoNear(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return 1;
  let power = 1;
  while (power > x) power /= 2;
  while (2 * power <= x) power *= 2;
  return power;
}
