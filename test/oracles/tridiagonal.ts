/** A symmetric tridiagonal matrix: its diagonal, and its subdiagonal in 1 … n − 1. */
export interface Tridiagonal {
  readonly d: Float64Array;
  readonly e: Float64Array;
}

/** How many eigenvalues lie below x: the negative pivots of T − xI (Sylvester's law of inertia), without any eigen-solver. */
export function countBelow({ d, e }: Tridiagonal, x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < d.length; i++) {
    pivot = d[i] - x - (i > 0 ? (e[i] * e[i]) / pivot : 0);
    if (pivot === 0) pivot = 1e-300;
    if (pivot < 0) count++;
  }
  return count;
}

/** ‖T‖∞, at least as large as every eigenvalue. */
export function normOf({ d, e }: Tridiagonal): number {
  let norm = 0;
  for (let i = 0; i < d.length; i++)
    norm = Math.max(norm, Math.abs(d[i]) + Math.abs(i > 0 ? e[i] : 0) + Math.abs(e[i + 1] ?? 0));
  return norm;
}

const coupled = (n: number, d: (i: number) => number, e: (i: number) => number): Tridiagonal => ({
  d: Float64Array.from({ length: n }, (_, i) => d(i)),
  e: Float64Array.from({ length: n }, (_, i) => (i === 0 ? 0 : e(i))),
});

/** Tridiagonal matrices that solvers have failed on, entries scaled to about 1. */
export const nastyTridiagonals: readonly (readonly [string, Tridiagonal])[] = [
  ["of no entry", coupled(0, Number, Number)],
  ["of one entry", coupled(1, () => -3, Number)],
  [
    "2×2",
    coupled(
      2,
      (i) => i,
      () => 2,
    ),
  ],
  [
    "3×3 with a zero diagonal",
    coupled(
      3,
      () => 0,
      () => 1,
    ),
  ],
  [
    "second differences",
    coupled(
      150,
      () => 2,
      () => -1,
    ),
  ],
  [
    "Wilkinson's W+ of 101",
    coupled(
      101,
      (i) => Math.abs(i - 50) / 50,
      () => 1 / 50,
    ),
  ],
  [
    "glued Wilkinson, 1e-8",
    coupled(
      168,
      (i) => Math.abs((i % 21) - 10) / 10,
      (i) => (i % 21 === 0 ? 1e-9 : 0.1),
    ),
  ],
  [
    "glued Wilkinson, 1e-14",
    coupled(
      168,
      (i) => Math.abs((i % 21) - 10) / 10,
      (i) => (i % 21 === 0 ? 1e-15 : 0.1),
    ),
  ],
  [
    "graded downwards",
    coupled(
      120,
      (i) => 0.8 ** i,
      (i) => 0.5 * 0.8 ** i,
    ),
  ],
  [
    "graded upwards",
    coupled(
      120,
      (i) => 0.8 ** (119 - i),
      (i) => 0.5 * 0.8 ** (120 - i),
    ),
  ],
  [
    "of couplings from 1 to 1e-16",
    coupled(
      140,
      (i) => (i % 7) / 7,
      (i) => 10 ** -(i % 17),
    ),
  ],
  [
    "of couplings near underflow",
    coupled(
      110,
      (i) => (i % 3) - 1,
      (i) => (i % 2 === 0 ? 1e-160 : 1e-300),
    ),
  ],
  [
    "a zero diagonal and couplings of alternating sign",
    coupled(
      130,
      () => 0,
      (i) => (i % 2 === 0 ? -1 : 0.5),
    ),
  ],
  [
    "Clement's",
    coupled(
      127,
      () => 0,
      (i) => Math.sqrt(i * (127 - i)) / 63,
    ),
  ],
  [
    "diagonal",
    coupled(
      100,
      (i) => Math.sin(i),
      () => 0,
    ),
  ],
  [
    "zero",
    coupled(
      100,
      () => 0,
      () => 0,
    ),
  ],
  [
    "split in the middle",
    coupled(
      128,
      (i) => (i * 37) % 11,
      (i) => (i === 64 ? 0 : 1),
    ),
  ],
  [
    "clustered about 1",
    coupled(
      160,
      (i) => 1 + 1e-10 * (i % 5),
      () => 1e-11,
    ),
  ],
  [
    "one far from the rest",
    coupled(
      99,
      (i) => (i === 49 ? 1 : 1e-12 * i),
      () => 1e-13,
    ),
  ],
];
