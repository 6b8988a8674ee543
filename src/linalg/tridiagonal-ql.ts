import { ConvergenceError } from "../errors.js";

/** Sweeps allowed per eigenvalue; two suffice on average. */
const MAX_SWEEPS = 60;

/**
 * Implicit QL iteration with Wilkinson's shift on a symmetric tridiagonal matrix (Bowdler, Martin, Reinsch &
 * Wilkinson 1968).
 * @param d diagonal in, eigenvalues out, unordered @param e subdiagonal in 1 … n − 1; destroyed
 * @param rows n×n row-major, or undefined: every plane rotation is applied to pairs of its rows
 * @throws ConvergenceError after 60 sweeps for one eigenvalue
 */
export function tridiagonalQL(where: string, d: Float64Array, e: Float64Array, rows?: Float64Array): void {
  const n = d.length;
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(d[i]), Math.abs(e[i]));
  // Below this an off-diagonal entry is noise even beside a zero diagonal.
  const floor = Number.EPSILON * Number.EPSILON * largest;

  for (let low = 0; low < n; low++) {
    for (let sweep = 0; ; sweep++) {
      let high = low;
      while (
        high < n - 1 &&
        Math.abs(e[high]) > floor + 0.5 * Number.EPSILON * (Math.abs(d[high]) + Math.abs(d[high + 1]))
      )
        high++;
      if (high === low) break;
      if (sweep === MAX_SWEEPS) {
        throw new ConvergenceError({
          where,
          expected: `eigenvalue ${low} within ${MAX_SWEEPS} QL sweeps`,
          got: `a remaining off-diagonal entry of ${Math.abs(e[low])}`,
          next: "check the matrix for extreme scaling",
        });
      }
      qlSweep(d, e, low, high, rows);
    }
  }
}

/** One sweep on the unreduced block low … high. */
function qlSweep(
  d: Float64Array,
  e: Float64Array,
  low: number,
  high: number,
  rows: Float64Array | undefined,
): void {
  const n = d.length;
  const half = (d[low + 1] - d[low]) / (2 * e[low]);
  const root = Math.hypot(half, 1);
  const shift = d[low] - e[low] / (half + (half >= 0 ? root : -root));

  let g = d[high] - shift;
  let cosine = 1;
  let sine = 1;
  let carry = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const r = radius(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // The block splits here.
      d[i + 1] -= carry;
      e[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    const lifted = d[i + 1] - carry;
    const mixed = (d[i] - lifted) * sine + 2 * cosine * b;
    carry = sine * mixed;
    d[i + 1] = lifted + carry;
    g = cosine * mixed - b;
    if (rows) rotateRows(rows, n, i, cosine, sine);
  }
  d[low] -= carry;
  e[low] = g;
  e[high] = 0;
}

/** √(x² + y²); the entries are scaled to about 1, so only tiny ones need care. */
function radius(x: number, y: number): number {
  const squares = x * x + y * y;
  return squares > 1e-280 ? Math.sqrt(squares) : Math.hypot(x, y);
}

function rotateRows(rows: Float64Array, n: number, i: number, cosine: number, sine: number): void {
  const upper = i * n;
  const lower = upper + n;
  for (let k = 0; k < n; k++) {
    const x = rows[upper + k];
    const y = rows[lower + k];
    rows[lower + k] = sine * x + cosine * y;
    rows[upper + k] = cosine * x - sine * y;
  }
}
