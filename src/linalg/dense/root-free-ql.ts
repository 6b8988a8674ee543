import { deflationFloor, MAX_SWEEPS, notConverged } from "./tridiagonal-ql.js";

/** Below this γ²/cosine does not count beside the squares, which are above `deflationFloor`'s square: some 1e-63. */
const NEGLIGIBLE = 1e-160;

/**
 * All eigenvalues of a symmetric tridiagonal matrix by the QL iteration on the squares of its off-diagonal entries, which
 * needs no root but one a sweep (Pal, Walker & Kahan; Parlett 1998, §8.15). Entries are to be scaled to about 1.
 * @param d diagonal in, eigenvalues out, unordered @param e subdiagonal in 1 … n − 1; destroyed
 * @throws ConvergenceError after 60 sweeps for one eigenvalue
 */
export function rootFreeQL(d: Float64Array, e: Float64Array): void {
  const n = d.length;
  const floor = deflationFloor(d, e);
  const squares = e;
  for (let i = 1; i < n; i++) squares[i - 1] = e[i] * e[i];
  squares[n - 1] = 0;

  for (let low = 0; low < n; low++) {
    let high = low;
    while (high < n - 1 && !isNoise(squares[high], d[high], d[high + 1], floor)) high++;
    for (let sweeps = 0; high > low; sweeps++) {
      if (sweeps === MAX_SWEEPS) throw notConverged(low, Math.sqrt(squares[low]));
      high = rootFreeSweep(d, squares, low, high, floor);
    }
  }
}

/** Whether an off-diagonal entry, given its square, does not count beside its neighbours on the diagonal. */
function isNoise(square: number, above: number, below: number, floor: number): boolean {
  const noise = floor + 0.5 * Number.EPSILON * (Math.abs(above) + Math.abs(below));
  return square <= noise * noise;
}

/**
 * One sweep, upwards, on the unreduced block low … high, with Wilkinson's shift.
 * @returns where the unreduced block that begins at `low` ends now
 */
function rootFreeSweep(
  d: Float64Array,
  squares: Float64Array,
  low: number,
  high: number,
  floor: number,
): number {
  const root = Math.sqrt(squares[low]);
  const half = (d[low + 1] - d[low]) / (2 * root);
  const hypotenuse = Math.hypot(half, 1);
  const shift = d[low] - root / (half + (half >= 0 ? hypotenuse : -hypotenuse));

  let cosine = 1; // of the last rotation, squared, as is the sine
  let sine = 0;
  let gamma = d[high] - shift;
  let p = gamma * gamma;
  let end = high;
  let below = 0;
  for (let i = high - 1; i >= low; i--) {
    const square = squares[i];
    const r = p + square;
    const coupling = sine * r;
    squares[i + 1] = coupling;
    const lastCosine = cosine;
    const lastGamma = gamma;
    cosine = p / r;
    sine = square / r;
    const alpha = d[i];
    const scaled = p * (alpha - shift) - square * lastGamma;
    gamma = scaled / r;
    const entry = lastGamma + (alpha - gamma);
    d[i + 1] = entry;
    if (i + 1 < high && isNoise(coupling, entry, below, floor)) end = i + 1;
    below = entry;
    // γ²/cosine, with the division beside the others and not behind them.
    p = p > NEGLIGIBLE ? (scaled * scaled) / (r * p) : lastCosine * square;
  }
  squares[low] = sine * p;
  squares[high] = 0;
  d[low] = shift + gamma;
  return isNoise(squares[low], d[low], below, floor) ? low : end;
}
