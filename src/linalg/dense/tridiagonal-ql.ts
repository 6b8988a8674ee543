import { ConvergenceError } from "../../errors.js";

/** Sweeps allowed per eigenvalue; two suffice on average. */
export const MAX_SWEEPS = 60;

/**
 * Implicit QL iteration with Wilkinson's shift on a symmetric tridiagonal matrix (Bowdler, Martin, Reinsch &
 * Wilkinson 1968).
 * @param d diagonal in, eigenvalues out, unordered @param e subdiagonal in 1 … n − 1; destroyed
 * @param vectors any number of rows of n, row-major, or undefined: every plane rotation is applied to its columns too.
 * From the identity come the eigenvectors, from its first row alone their first components.
 * @throws ConvergenceError after 60 sweeps for one eigenvalue
 */
export function tridiagonalQL(d: Float64Array, e: Float64Array, vectors?: Float64Array): void {
  const n = d.length;
  const floor = deflationFloor(d, e);
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  const sweep: Rotations | undefined = vectors && {
    cosines: new Float64Array(n),
    sines: new Float64Array(n),
  };

  for (let low = 0; low < n; low++) {
    for (let sweeps = 0; ; sweeps++) {
      let high = low;
      while (
        high < n - 1 &&
        Math.abs(e[high]) > floor + 0.5 * Number.EPSILON * (Math.abs(d[high]) + Math.abs(d[high + 1]))
      )
        high++;
      if (high === low) break;
      if (sweeps === MAX_SWEEPS) throw notConverged(low, Math.abs(e[low]));
      const last = qlSweep(d, e, low, high, sweep);
      if (vectors && sweep) rotateColumns(vectors, n, last, high, sweep);
    }
  }
}

/** Below this an off-diagonal entry is noise even beside a zero diagonal. @param e in 1 … n − 1 */
export function deflationFloor(d: Float64Array, e: Float64Array): number {
  let largest = 0;
  for (const entry of d) largest = Math.max(largest, Math.abs(entry));
  for (let i = 1; i < e.length; i++) largest = Math.max(largest, Math.abs(e[i]));
  return Number.EPSILON * Number.EPSILON * largest;
}

export function notConverged(eigenvalue: number, offDiagonal: number): ConvergenceError {
  return new ConvergenceError({
    expected: `eigenvalue ${eigenvalue} within ${MAX_SWEEPS} QL sweeps`,
    got: `a remaining off-diagonal entry of ${offDiagonal}`,
    next: "check the matrix for extreme scaling",
  });
}

/** The plane rotations of one sweep; the one at i mixes columns i and i + 1. */
interface Rotations {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/** One sweep, upwards, on the unreduced block low … high. Returns the index of its last rotation. */
function qlSweep(
  d: Float64Array,
  e: Float64Array,
  low: number,
  high: number,
  rotations: Rotations | undefined,
): number {
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
      return i + 1;
    }
    sine = f / r;
    cosine = g / r;
    const lifted = d[i + 1] - carry;
    const mixed = (d[i] - lifted) * sine + 2 * cosine * b;
    carry = sine * mixed;
    d[i + 1] = lifted + carry;
    g = cosine * mixed - b;
    if (rotations) {
      rotations.cosines[i] = cosine;
      rotations.sines[i] = sine;
    }
  }
  d[low] -= carry;
  e[low] = g;
  e[high] = 0;
  return low;
}

/** √(x² + y²); the entries are scaled to about 1, so only tiny ones need care. */
function radius(x: number, y: number): number {
  const squares = x * x + y * y;
  return squares > 1e-280 ? Math.sqrt(squares) : Math.hypot(x, y);
}

/**
 * Applies the rotations high − 1, …, last to the columns of a row-major matrix of n columns. A row at a time stays in
 * the cache; four at a time hide the latency of the chain from one rotation to the next.
 */
function rotateColumns(
  a: Float64Array,
  n: number,
  last: number,
  high: number,
  { cosines, sines }: Rotations,
): void {
  const rows = a.length / n;
  let row = 0;
  for (; row + 3 < rows; row += 4) {
    const at0 = row * n;
    const at1 = at0 + n;
    const at2 = at1 + n;
    const at3 = at2 + n;
    let y0 = a[at0 + high];
    let y1 = a[at1 + high];
    let y2 = a[at2 + high];
    let y3 = a[at3 + high];
    for (let i = high - 1; i >= last; i--) {
      const c = cosines[i];
      const s = sines[i];
      const x0 = a[at0 + i];
      a[at0 + i + 1] = s * x0 + c * y0;
      y0 = c * x0 - s * y0;
      const x1 = a[at1 + i];
      a[at1 + i + 1] = s * x1 + c * y1;
      y1 = c * x1 - s * y1;
      const x2 = a[at2 + i];
      a[at2 + i + 1] = s * x2 + c * y2;
      y2 = c * x2 - s * y2;
      const x3 = a[at3 + i];
      a[at3 + i + 1] = s * x3 + c * y3;
      y3 = c * x3 - s * y3;
    }
    a[at0 + last] = y0;
    a[at1 + last] = y1;
    a[at2 + last] = y2;
    a[at3 + last] = y3;
  }
  for (; row < rows; row++) {
    const at = row * n;
    let y = a[at + high];
    for (let i = high - 1; i >= last; i--) {
      const x = a[at + i];
      a[at + i + 1] = sines[i] * x + cosines[i] * y;
      y = cosines[i] * x - sines[i] * y;
    }
    a[at + last] = y;
  }
}
