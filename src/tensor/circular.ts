// The same bits on every engine, whose Math.sin and Math.cos differ in the last, up to LARGEST. Coefficients: polynomials
// interpolated at Chebyshev's points in 50-digit arithmetic.

/** π/2 in three parts, the first two of 33 bits, so that whole multiples of them are exact. */
const FIRST = 1.5707963267341256;
const SECOND = 6.077100506303966e-11;
const THIRD = 2.0222662487959506e-21;
const INVERSE = 0.6366197723675814;

/** 1.5·2⁵²: added and taken away again, it rounds to the nearest integer. */
const ROUNDING = 6755399441055744;

/** Beyond, multiples of π/2 would be inexact: there the engine's own functions are asked. */
const LARGEST = 1e6;

/** Where `sineAndCosine` writes the two. */
export const circular: Float64Array = new Float64Array(2);

/** Writes sin z and cos z to `circular`, both to full relative accuracy. */
export function sineAndCosine(z: number): void {
  if (!(Math.abs(z) <= LARGEST)) {
    circular[0] = Math.sin(z);
    circular[1] = Math.cos(z);
    return;
  }
  const n = z * INVERSE + ROUNDING - ROUNDING;
  // z − nπ/2 = r + low; differences with what they lose (Knuth's).
  const coarse = z - n * FIRST;
  const second = n * SECOND;
  const fine = coarse - second;
  const back = fine - coarse;
  const lost = coarse - (fine - back) - (second + back);
  const third = n * THIRD - lost;
  const r = fine - third;
  const low = fine - r - third;

  const square = r * r;
  const s =
    -0.16666666666666666 +
    square *
      (0.008333333333330936 +
        square *
          (-0.00019841269836740532 +
            square *
              (2.7557316093198404e-6 + square * (-2.5051129896450185e-8 + square * 1.5917988979397435e-10))));
  const c =
    0.041666666666666664 +
    square *
      (-0.0013888888888887389 +
        square *
          (2.48015872987544e-5 +
            square *
              (-2.755731726587808e-7 + square * (2.087614504941318e-9 + square * -1.138254464534925e-11))));
  const half = 0.5 * square;
  const sine = r + (r * square * s + low * (1 - half));
  const near = 1 - half;
  const cosine = near + (1 - near - half + (square * square * c - r * low));
  // n modulo 4, as the lowest bits of a two's complement.
  const quarter = n & 3;
  circular[0] = quarter === 0 ? sine : quarter === 1 ? cosine : quarter === 2 ? -sine : -cosine;
  circular[1] = quarter === 0 ? cosine : quarter === 1 ? -sine : quarter === 2 ? -cosine : sine;
}
