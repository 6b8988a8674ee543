import type { Tensor } from "../../src/index.js";

/**
 * Eigenvalues of a symmetric matrix, ascending, by cyclic Jacobi rotations (1846): no tridiagonal form, no shifts, no
 * deflation. Slow, and accurate wherever it is tried.
 */
export function jacobiEigenvalues({ data, shape }: Tensor): Float64Array {
  const n = shape[0];
  const a = Float64Array.from(data);
  for (let sweep = 0; sweep < 40; sweep++) {
    let rotations = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const coupling = a[p * n + q];
        if (Math.abs(coupling) <= 1e-18 * Math.sqrt(Math.abs(a[p * n + p] * a[q * n + q]))) continue;
        rotations++;
        const theta = (a[q * n + q] - a[p * n + p]) / (2 * coupling);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cosine = 1 / Math.hypot(t, 1);
        const sine = t * cosine;
        for (let k = 0; k < n; k++) {
          const x = a[k * n + p];
          const y = a[k * n + q];
          a[k * n + p] = cosine * x - sine * y;
          a[k * n + q] = sine * x + cosine * y;
        }
        for (let k = 0; k < n; k++) {
          const x = a[p * n + k];
          const y = a[q * n + k];
          a[p * n + k] = cosine * x - sine * y;
          a[q * n + k] = sine * x + cosine * y;
        }
      }
    }
    if (rotations === 0) return Float64Array.from({ length: n }, (_, i) => a[i * n + i]).sort();
  }
  throw new Error("Jacobi rotations did not converge");
}
