/**
 * By how much rounding may break the Wolkowicz–Styan bounds of an (n,n) matrix with Frobenius norm ‖A‖ and standard
 * deviation s of its eigenvalues. The eigenvalues themselves err by a few n·ε·‖A‖. s² is a difference of two numbers
 * of at most ‖A‖²/n, so it errs by some ε·‖A‖²/n, and its root by that over s, or by the root of it where s is smaller
 * still; the bounds multiply s by up to √(2n).
 */
export function boundsMargin(n: number, size: number, deviation: number): number {
  const ofSquare = (32 * Number.EPSILON * size * size) / n;
  const ofRoot = Math.min(
    deviation > 0 ? ofSquare / deviation : Number.POSITIVE_INFINITY,
    Math.sqrt(ofSquare),
  );
  return 1e-14 * n * size + Math.sqrt(2 * n) * ofRoot;
}
