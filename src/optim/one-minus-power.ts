/**
 * 1 − βᵗ for 0 ≤ β < 1 and an integer t ≥ 0, to a few units in the last place also where βᵗ is nearly 1: with c = 1 − βᵗ
 * doubling t makes c(2 − c) of it, one step more c + (1 − c)(1 − β), and neither cancels. Arithmetic alone, so the same
 * bits everywhere.
 */
export function oneMinusPower(beta: number, t: number): number {
  let bit = 1;
  while (2 * bit <= t) bit *= 2;
  let complement = 0;
  for (; bit >= 1; bit /= 2) {
    complement *= 2 - complement;
    if (Math.floor(t / bit) % 2 === 1) complement += (1 - complement) * (1 - beta);
  }
  return complement;
}
