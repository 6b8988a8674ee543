import { decay, decayed } from "./exponential.js";

const INVERSE_SQRT_2PI = 0.3989422804014327;

/** e^(−z²/2) to full relative accuracy: z² is split, because its rounding error is multiplied by its size. */
export function gaussian(z: number): number {
  const size = Math.min(Math.abs(z), 40);
  const coarse = Math.round(size * 1024) / 1024;
  decay(0.5 * coarse * coarse, 0.5 * (size - coarse) * (size + coarse));
  return decayed[0];
}

/** The standard normal distribution function Φ(z) = ½ erfc(−z/√2), relative error below 1e-15 in both tails. */
export function normalDistribution(z: number): number {
  return distributionOf(z, gaussian(z));
}

/** The standard normal density where e^(−z²/2) is known. */
export function densityOf(bell: number): number {
  return INVERSE_SQRT_2PI * bell;
}

/** Φ(z) where e^(−z²/2) is known. */
export function distributionOf(z: number, bell: number): number {
  // Far below that e^(−z²/2) is 0; at ∞ itself t would be NaN.
  const size = Math.min(Math.abs(z), 1e300);
  // (1 + z)·e^(z²/2)·Φ(−z), z ≥ 0, in t = (z − 5)/(z + 5) (the mapping is that of Shepherd & Laframboise 1981):
  // interpolated at Chebyshev's points in 80-digit arithmetic.
  const t = (size - 5) / (size + 5);
  const s = t * t;
  const even =
    0.46151582985003775 +
    s *
      (0.03103036842596369 +
        s *
          (-0.02640104296630763 +
            s *
              (-0.015170415402525146 +
                s *
                  (-0.0016760723444742157 +
                    s *
                      (0.00018233414474988366 +
                        s *
                          (-9.896096712884405e-6 +
                            s *
                              (-7.034836922558877e-8 +
                                s *
                                  (1.278804945396261e-7 +
                                    s *
                                      (-2.6287875968778985e-8 +
                                        s * (3.6280682399194867e-9 + s * -2.8233272215141205e-10))))))))));
  const odd =
    -0.09155228183400893 +
    s *
      (0.010002352385220747 +
        s *
          (0.02453696324390185 +
            s *
              (0.006522000665119207 +
                s *
                  (7.79161509574746e-6 +
                    s *
                      (-5.3607652870422455e-5 +
                        s *
                          (9.060011716331426e-6 +
                            s *
                              (-1.3077682743993349e-6 +
                                s *
                                  (1.9663442631364518e-7 +
                                    s *
                                      (-3.120147211147667e-8 +
                                        s * (4.500725392479864e-9 + s * -3.9886338590692045e-10))))))))));
  const tail = ((even + t * odd) / (1 + size)) * bell;
  return z > 0 ? 1 - tail : tail;
}

/** The error function, to full relative accuracy also near 0. */
export function erf(x: number): number {
  if (Math.abs(x) > 0.5)
    return x > 0 ? 1 - 2 * normalDistribution(-x * Math.SQRT2) : 2 * normalDistribution(x * Math.SQRT2) - 1;
  // Σ (−1)^k x^(2k+1) / (k! (2k+1)) · 2/√π
  const square = x * x;
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
    term *= -square / k;
    sum += term / (2 * k + 1);
  }
  return 1.1283791670955126 * sum;
}

/**
 * x^p, to the same bits everywhere: the integer part of p by multiplications, a half by the square root, the rest by
 * e^(f log x). The relative error is about |p|·ε at most.
 */
export function power(x: number, p: number): number {
  const size = Math.abs(p);
  const whole = Math.floor(size);
  const rest = size - whole;
  const root = rest === 0 ? 1 : rest === 0.5 ? Math.sqrt(x) : Math.exp(rest * Math.log(x));
  const y = wholePower(x, whole) * root;
  if (p >= 0) return y;
  // Where that overflows, its reciprocal may be subnormal.
  return y === Number.POSITIVE_INFINITY && x !== y ? power(1 / x, size) : 1 / y;
}

/** x^n for an integer n ≥ 0, by squaring. */
export function wholePower(x: number, n: number): number {
  let result = 1;
  for (let base = x, left = n; left > 0; base *= base, left = Math.floor(left / 2))
    if (left % 2 === 1) result *= base;
  return result;
}
