import { randomStream, type Tensor, tensor } from "../../src/index.js";
import { euclidean } from "./compare.js";

/** The matrix of entry(i, j) for i ≥ j, mirrored. */
export function symmetric(n: number, entry: (i: number, j: number) => number): Tensor {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      data[i * n + j] = entry(i, j);
      data[j * n + i] = data[i * n + j];
    }
  }
  return tensor(data, [n, n]);
}

export const diagonalMatrix = (values: ArrayLike<number>): Tensor =>
  symmetric(values.length, (i, j) => (i === j ? values[i] : 0));

/** A·v for a row-major square matrix, by the definition. */
export function times({ data, shape }: Tensor, v: ArrayLike<number>): Float64Array {
  const n = shape[0];
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) out[i] += data[i * n + j] * v[j];
  }
  return out;
}

/** Column j of a row-major matrix. */
export function column({ data, shape }: Tensor, j: number): Float64Array {
  return Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + j]);
}

export const inner = (x: Float64Array, y: Float64Array): number =>
  x.reduce((sum, xi, i) => sum + xi * y[i], 0);

/** ‖Av − λv‖, by the definition. */
export function residualNorm(a: Tensor, value: number, v: Float64Array): number {
  return euclidean(times(a, v).map((entry, i) => entry - value * v[i]));
}

/** The largest entry of |VᵀV − I|. */
export function orthonormalityDefect(vectors: Tensor): number {
  const [n, k] = vectors.shape;
  let defect = 0;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = a === b ? -1 : 0;
      for (let i = 0; i < n; i++) sum += vectors.data[i * k + a] * vectors.data[i * k + b];
      defect = Math.max(defect, Math.abs(sum));
    }
  }
  return defect;
}

/**
 * A dense matrix with these eigenvalues: diag(values) between random reflections I − 2uuᵀ. Knows no eigen-solver, so what
 * they find can be compared with what was put in; rounding moves the eigenvalues by a few ε·‖A‖.
 */
export function withSpectrum(values: ArrayLike<number>, seed: number): Tensor {
  const n = values.length;
  const stream = randomStream(seed, "with-spectrum");
  const { data } = diagonalMatrix(values);
  for (let reflection = 0; reflection < 3; reflection++) {
    const u = Float64Array.from({ length: n }, () => stream.normal());
    const length = euclidean(u);
    for (let i = 0; i < n; i++) u[i] /= length;
    for (const [down, across] of [
      [n, 1],
      [1, n],
    ]) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += u[i] * data[i * down + j * across];
        for (let i = 0; i < n; i++) data[i * down + j * across] -= 2 * sum * u[i];
      }
    }
  }
  return symmetric(n, (i, j) => 0.5 * (data[i * n + j] + data[j * n + i]));
}
