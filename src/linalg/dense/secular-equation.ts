import { ConvergenceError } from "../../errors.js";

const MAX_ITERATIONS = 100;

/**
 * The j-th root of the secular equation 1/ρ + Σ z_i²/(d_i − λ) = 0: the j-th eigenvalue of diag(d) + ρzzᵀ. It lies between
 * d_j and d_j+1, the last one beyond the last d. Each step solves the equation of two poles that has the value and the slopes of
 * the sums on both sides of the root (Bunch, Nielsen & Sorensen 1978; Li 1994); a step that leaves the bracket halves it.
 * λ is found as a distance from the nearest d, so that every d_i − λ is accurate.
 *
 * @param d `count` poles, strictly ascending @param z of length 1, no entry 0 @param rho > 0
 * @param differences receives d_i − λ in `at` … `at` + count − 1
 * @returns λ
 * @throws ConvergenceError after 100 steps
 */
export function secularRoot(
  j: number,
  count: number,
  d: Float64Array,
  z: Float64Array,
  rho: number,
  differences: Float64Array,
  at: number,
): number {
  if (count === 1) {
    const shift = rho * z[0] * z[0];
    differences[at] = -shift;
    return d[0] + shift;
  }
  const isLast = j === count - 1;
  // The sums are split between the two nearest poles, `left` and `left` + 1.
  const left = isLast ? j - 1 : j;
  const leftWeight = z[left] * z[left];
  const rightWeight = z[left + 1] * z[left + 1];
  const gap = d[left + 1] - d[left];

  // The root is bracketed by a pole, where it is measured from, and the middle of its interval; or by the middle and the end.
  const half = isLast ? rho / 2 : gap / 2;
  const start = isLast ? left + 1 : left;
  let others = 1 / rho;
  for (let i = 0; i < count; i++)
    if (i !== left && i !== left + 1) others += (z[i] * z[i]) / (d[i] - d[start] - half);
  const leftDistance = isLast ? -gap - half : -half;
  const rightDistance = isLast ? -half : gap - half;
  const middle = others + leftWeight / leftDistance + rightWeight / rightDistance;
  let origin = start;
  let low = 0;
  let high = half;
  if (isLast && middle < 0) {
    low = half;
    high = rho * (1 + 8 * Number.EPSILON);
  } else if (!isLast && middle < 0) {
    origin = left + 1;
    low = -half;
    high = 0;
  }
  const leftPole = origin === left ? 0 : -gap;
  const rightPole = origin === left ? gap : 0;
  let tau = twoPoleRoot(
    others,
    others * (leftPole + rightPole) + leftWeight + rightWeight,
    leftPole === 0 ? leftWeight * rightPole : rightWeight * leftPole,
    isLast,
  );

  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    if (!(tau > low && tau < high) || iteration % 8 === 7) tau = low + (high - low) / 2;
    let below = 0;
    let belowSlope = 0;
    let rounding = 0;
    for (let i = 0; i <= left; i++) {
      const difference = d[i] - d[origin] - tau;
      differences[at + i] = difference;
      const t = z[i] / difference;
      below += z[i] * t;
      belowSlope += t * t;
      rounding += Math.abs(below);
    }
    let above = 0;
    let aboveSlope = 0;
    for (let i = count - 1; i > left; i--) {
      const difference = d[i] - d[origin] - tau;
      differences[at + i] = difference;
      const t = z[i] / difference;
      above += z[i] * t;
      aboveSlope += t * t;
      rounding += Math.abs(above);
    }
    const value = 1 / rho + below + above;
    const slope = belowSlope + aboveSlope;
    rounding += 8 * (Math.abs(below) + Math.abs(above)) + 2 / rho + Math.abs(tau) * slope;
    if (Math.abs(value) <= 0.5 * Number.EPSILON * rounding) return d[origin] + tau;
    if (value < 0) low = tau;
    else high = tau;
    if (high - low <= Number.EPSILON * Math.abs(tau)) return d[origin] + tau;

    const toLeft = differences[at + left];
    const toRight = differences[at + left + 1];
    const step = twoPoleRoot(
      value - toLeft * belowSlope - toRight * aboveSlope,
      (toLeft + toRight) * value - toLeft * toRight * slope,
      toLeft * toRight * value,
      isLast,
    );
    tau += step;
  }
  throw new ConvergenceError({
    expected: `root ${j} of a secular equation within ${MAX_ITERATIONS} steps`,
    got: `a bracket of ${high - low}`,
    next: "check the matrix for extreme scaling",
  });
}

/**
 * The root of cx² − ax + b between two poles, or beyond both of them; no number where there is none.
 */
function twoPoleRoot(c: number, a: number, b: number, isBeyond: boolean): number {
  const root = Math.sqrt(Math.max(0, a * a - 4 * b * c));
  if (isBeyond) return a >= 0 ? (a + root) / (2 * c) : (2 * b) / (a - root);
  return a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
}
