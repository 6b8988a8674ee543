const INVERSE_SQRT_2PI = 0.3989422804014327;

/**
 * Chebyshev coefficients of (1 + z)·e^(z²/2)·Φ(−z) in t = (z − 5)/(z + 5), z ≥ 0 (the mapping is that of Shepherd &
 * Laframboise 1981); interpolated in 50-digit arithmetic, cut below 2e-17.
 */
const TAIL_COEFFICIENTS = Float64Array.of(
  0.4619742120721857,
  -0.06516520239491264,
  -0.005458781501136567,
  0.01229619904556344,
  -0.006470872915703688,
  0.0022407355224168305,
  -0.0005638623774651974,
  9.984031082925812e-5,
  -9.849514843168493e-6,
  -4.032494233045217e-7,
  2.99023962013034e-7,
  -3.032070748442814e-8,
  -4.617665713929027e-9,
  1.3298288008382692e-9,
  3.007242719019045e-11,
  -4.4299537255328156e-11,
  1.3999857147018152e-12,
  1.4718957028912571e-12,
  -9.325953119165372e-14,
  -5.294681169067695e-14,
  3.958188414414517e-15,
  2.1048214642963194e-15,
  -1.345671286136144e-16,
  -9.097614914495833e-17,
);

/** e^(−z²/2) to full relative accuracy: z² is split, because its rounding error is multiplied by its size. */
function gaussian(z: number): number {
  const size = Math.min(Math.abs(z), 40);
  const coarse = Math.round(size * 1024) / 1024;
  return Math.exp(-0.5 * coarse * coarse) * Math.exp(-0.5 * (size - coarse) * (size + coarse));
}

/** The standard normal density. */
export function normalDensity(z: number): number {
  return INVERSE_SQRT_2PI * gaussian(z);
}

/** The standard normal distribution function Φ(z) = ½ erfc(−z/√2), relative error below 1e-15 in both tails. */
export function normalDistribution(z: number): number {
  const size = Math.abs(z);
  // Clenshaw's recurrence.
  const t = (size - 5) / (size + 5);
  let b1 = 0;
  let b2 = 0;
  for (let k = TAIL_COEFFICIENTS.length - 1; k >= 1; k--) {
    const b = 2 * t * b1 - b2 + TAIL_COEFFICIENTS[k];
    b2 = b1;
    b1 = b;
  }
  const tail = ((t * b1 - b2 + TAIL_COEFFICIENTS[0]) / (1 + size)) * gaussian(z);
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

/** x^n by squaring. */
function wholePower(x: number, n: number): number {
  let result = 1;
  for (let base = x, left = n; left > 0; base *= base, left = Math.floor(left / 2))
    if (left % 2 === 1) result *= base;
  return result;
}
