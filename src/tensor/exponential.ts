// The same bits on every engine, whose Math.exp, Math.tanh and Math.log1p differ in the last. Coefficients: polynomials
// interpolated at Chebyshev's points in 50-digit arithmetic.

/** log 2 in two parts, the first of 38 bits, so that whole multiples of it are exact. */
const LN2_HIGH = 0.6931471805582987;
const LN2_LOW = 1.6465949582897082e-12;

/** 1.5·2⁵²: added and taken away again, it rounds to the nearest integer. */
const ROUNDING = 6755399441055744;

/** Beyond, e^(−x) is 0. */
const LARGEST = 746;

/** 2^(−n), down to 0. */
const halves = powersOfHalf(1080);

function powersOfHalf(count: number): Float64Array {
  const powers = new Float64Array(count);
  for (let n = 0, power = 1; n < count; n++, power *= 0.5) powers[n] = power;
  return powers;
}

/** Where `decay` writes e^(−x), then 1 − e^(−x). */
export const decayed: Float64Array = new Float64Array(2);

/**
 * Writes e^(−x) and 1 − e^(−x) to `decayed`, both to full relative accuracy, for x ≥ 0.
 * @param low added to x, whose rounding it may be
 */
export function decay(x: number, low = 0): void {
  const near = x > LARGEST ? LARGEST : x;
  const n = near * Math.LOG2E + ROUNDING - ROUNDING;
  // −x = r − n log 2, |r| ≤ ½ log 2.
  const r = n * LN2_HIGH - near + (n * LN2_LOW - low);
  const square = r * r;
  const even =
    0.16666666666666669 +
    square *
      (0.008333333333330062 +
        square * (0.00019841269863053618 + square * (2.7557268459997064e-6 + square * 2.510038549551032e-8)));
  const odd =
    0.041666666666666664 +
    square *
      (0.0013888888888886552 +
        square * (2.4801587317144498e-5 + square * (2.755728296954995e-7 + square * 2.0911236630261545e-9)));
  const growth = r + square * (0.5 + r * (even + r * odd)); // e^r − 1
  const scale = halves[n | 0];
  decayed[0] = scale + scale * growth;
  decayed[1] = 1 - scale - scale * growth;
}

/** log(1 + q) to full relative accuracy, for 0 ≤ q ≤ 1. */
export function logOnePlus(q: number): number {
  // Half of 1 + q is nearer to 1 where q > √2 − 1.
  const above = q > 0.41421356237309503;
  const f = above ? 0.5 * (q - 1) : q;
  const s = f / (2 + f);
  const square = s * s;
  const rest =
    square *
    (0.666666666666667 +
      square *
        (0.3999999999989889 +
          square *
            (0.28571428626253836 +
              square *
                (0.22222211089379496 +
                  square *
                    (0.1818289243253687 + square * (0.15331611722055008 + square * 0.14617807153417325))))));
  // log(1 + f) = 2s + s·rest, written so that s's rounding counts for little.
  if (!above) return f - s * (f - rest);
  return LN2_HIGH + (f - (s * (f - rest) - LN2_LOW));
}
