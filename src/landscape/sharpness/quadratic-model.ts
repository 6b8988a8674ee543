import { symmetricEigen } from "../../linalg/dense/eigh.js";
import type { Products } from "../../linalg/krylov/products.js";
import { normalize, orthogonalize } from "../../linalg/vectors.js";
import { addScaled } from "../../tensor/elementwise.js";
import { dot, norm } from "../../tensor/reduce.js";
import { matrixView } from "../../tensor/view.js";

/** The maximum of a quadratic in a ball. */
interface QuadraticMaximum {
  /** (n). */
  readonly point: Float64Array;
  /** gᵀz + ½ zᵀHz there. */
  readonly value: number;
}

/**
 * The maximum of gᵀz + ½ zᵀHz over ‖z‖ ≤ radius in the Krylov space of g, with the top eigenvector added, so that the
 * hard case (g orthogonal to it) is none. Exact once the space is closed, as at `steps` = n; below it otherwise.
 * @param top a unit eigenvector of λ_max
 * Moré & Sorensen 1983; Gould, Lucidi, Roma & Toint 1999.
 */
export function quadraticMaximum(
  products: Products,
  g: Float64Array,
  top: Float64Array,
  radius: number,
  steps: number,
): QuadraticMaximum {
  const { size } = products;
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  const add = (vector: Float64Array): void => {
    const before = norm(vector);
    const length = orthogonalize(vector, basis, [], 0);
    if (!(length > size * Number.EPSILON * before)) return;
    normalize(vector, length);
    const image = new Float64Array(size);
    products.require(vector, image);
    basis.push(vector);
    images.push(image);
  };
  add(top.slice());
  add(g.slice());
  for (let from = 1; from < basis.length && basis.length < Math.min(steps, size); from++)
    add(images[from].slice());

  const m = basis.length;
  const projected = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j <= i; j++) {
      const entry = (dot(basis[i], images[j]) + dot(basis[j], images[i])) / 2;
      projected[i * m + j] = entry;
      projected[j * m + i] = entry;
    }
  const { values, vectors } = symmetricEigen(matrixView(projected, m, m), { vectors: true });
  const along = basis.map((vector) => dot(vector, g));
  const slopes = values.map((_, i) =>
    along.reduce((sum, slope, j) => sum + vectors.data[j * m + i] * slope, 0),
  );
  const coordinates = diagonalMaximizer(values, slopes, radius);

  const point = new Float64Array(size);
  basis.forEach((vector, j) => {
    const coordinate = coordinates.reduce((sum, z, i) => sum + vectors.data[j * m + i] * z, 0);
    addScaled(point, coordinate, vector);
  });
  const value = coordinates.reduce((sum, z, i) => sum + z * (slopes[i] + 0.5 * values[i] * z), 0);
  return { point, value };
}

/**
 * The maximiser of Σ c_i z_i + ½ λ_i z_i² over ‖z‖ ≤ radius, λ ascending: z_i = c_i/(μ − λ_i) for the μ ≥ max(λ_max, 0)
 * at which ‖z‖ = radius, or for μ = 0 inside.
 */
function diagonalMaximizer(values: Float64Array, slopes: Float64Array, radius: number): Float64Array {
  const last = values.length - 1;
  const top = values[last];
  // By the shift s = μ − λ_max, so that denominators near the pole keep their digits.
  const at = (s: number): Float64Array =>
    slopes.map((slope, i) => (slope === 0 ? 0 : slope / (top - values[i] + s)));
  const length = (s: number): number => norm(at(s));
  let low = Math.max(0, -top);
  if (length(low) > radius) {
    let high = low + norm(slopes) / radius;
    // ‖z‖ falls in s: down to neighbouring numbers.
    for (;;) {
      const middle = low / 2 + high / 2;
      if (!(middle > low && middle < high)) break;
      if (length(middle) > radius) low = middle;
      else high = middle;
    }
    return at(high);
  }
  const z = at(low);
  if (top <= 0) return z;
  // The hard case: what is left of the radius goes along the top eigenvector, either way.
  const rest = radius * radius - dot(z, z);
  z[last] += (slopes[last] < 0 ? -1 : 1) * Math.sqrt(Math.max(0, rest));
  return z;
}
