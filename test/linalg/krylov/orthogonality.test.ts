import { describe, expect, it } from "vitest";
import { productOperator, randomStream } from "../../../src/index.js";
import {
  createKrylov,
  expandKrylov,
  type Krylov,
  restartKrylov,
  ritzPairs,
  startKrylov,
} from "../../../src/linalg/krylov/krylov.js";
import { orthogonalizeRows } from "../../../src/linalg/krylov/orthogonality.js";
import { productsOf } from "../../../src/linalg/krylov/products.js";
import { fillNormal } from "../../../src/linalg/vectors.js";

const SIZE = 400;
const STEPS = 40;

/** Eigenvalues up to 1, as losses have them and as they try the recurrence. */
const spectra: Record<string, (i: number) => number> = {
  "evenly spaced": (i) => (2 * i) / (SIZE - 1) - 1,
  "five outliers": (i) => (i < 5 ? (i + 1) / 5 : 1e-3 * Math.sin(i)),
  "three far outliers": (i) => (i < 3 ? 1 / (i + 1) : 1e-8 * Math.sin(i)),
  decaying: (i) => Math.exp(-i / 20),
  "of low rank": (i) => (i < 20 ? 1 - i / 40 : 0),
};

/** The operator of those eigenvalues, with errors of products of that size. */
function operatorOf(spectrum: (i: number) => number, noise = 0) {
  const errors = randomStream(2, "noise");
  const apply = (v: Float64Array) =>
    v.map((entry, i) => spectrum(i) * entry + (noise && (noise * errors.normal()) / Math.sqrt(SIZE)));
  return { apply, products: productsOf(productOperator(SIZE, apply)) };
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, entry, i) => sum + entry * b[i], 0);

/** max |vᵢᵀvⱼ − δᵢⱼ| of the first rows. */
function nonOrthogonality({ rows }: Krylov, count: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++)
      largest = Math.max(largest, Math.abs(dot(rows[i], rows[j]) - (i === j ? 1 : 0)));
  }
  return largest;
}

/** max |A vᵢ − Σⱼ Hᵢⱼ vⱼ − δᵢₘ β v| of all rows and entries. */
function defect(
  { rows, projected, capacity, dimension: m, coupling }: Krylov,
  apply: (v: Float64Array) => Float64Array,
) {
  let largest = 0;
  for (let i = 0; i < m; i++) {
    const left = apply(rows[i]);
    for (let at = 0; at < SIZE; at++) {
      let rest = left[at];
      for (let j = 0; j < m; j++) rest -= projected[i * capacity + j] * rows[j][at];
      if (i === m - 1) rest -= coupling * rows[m][at];
      largest = Math.max(largest, Math.abs(rest));
    }
  }
  return largest;
}

describe("a Krylov basis whose older rows are seldom read", () => {
  it.each(Object.keys(spectra))(
    "is orthogonal, and its projected matrix right, across restarts: %s",
    (name) => {
      const { apply, products } = operatorOf(spectra[name]);
      const krylov = createKrylov(SIZE, STEPS);
      fillNormal(krylov.rows[0], randomStream(1, "start"));
      startKrylov(krylov, []);
      for (const kept of [[0, 1, 36, 37, 38, 39], [37, 38, 39], [39]]) {
        while (krylov.dimension < STEPS) {
          expandKrylov(krylov, products, []);
          const estimate = Math.max(krylov.orthogonality.last, krylov.orthogonality.before);
          expect(estimate).toBeLessThan(1e-11);
          if (krylov.coupling > 1e-15) {
            expect(nonOrthogonality(krylov, krylov.dimension + 1)).toBeLessThan(4 * estimate + 1e-14);
          }
        }
        orthogonalizeRows(krylov, STEPS + 1);
        expect(nonOrthogonality(krylov, STEPS)).toBeLessThan(1e-14);
        expect(defect(krylov, apply)).toBeLessThan(2e-15);
        restartKrylov(krylov, ritzPairs(krylov), kept);
      }
    },
  );

  it("reads older rows in few steps where the spectrum lets it", () => {
    const krylov = createKrylov(SIZE, STEPS);
    const { products } = operatorOf(spectra["evenly spaced"]);
    fillNormal(krylov.rows[0], randomStream(1, "start"));
    startKrylov(krylov, []);
    let read = 0;
    while (krylov.dimension < STEPS) {
      expandKrylov(krylov, products, []);
      if (krylov.orthogonality.rows > krylov.dimension) read++;
    }
    expect(read).toBeLessThan(STEPS / 4);
  });

  it.each([1e-12, 1e-6])("finds that products err by %s, and stays as orthogonal", (noise) => {
    const { products } = operatorOf(spectra["five outliers"], noise);
    const krylov = createKrylov(SIZE, STEPS);
    fillNormal(krylov.rows[0], randomStream(1, "start"));
    startKrylov(krylov, []);
    while (krylov.dimension < STEPS) {
      expandKrylov(krylov, products, []);
      expect(nonOrthogonality(krylov, krylov.dimension + 1)).toBeLessThan(1e-7);
    }
    expect(krylov.orthogonality.noise).toBeGreaterThan(noise / 100);
  });

  it("keeps components that are called negligible", () => {
    const krylov = createKrylov(SIZE, STEPS, 1e-9);
    const { apply, products } = operatorOf(spectra["evenly spaced"]);
    fillNormal(krylov.rows[0], randomStream(1, "start"));
    startKrylov(krylov, []);
    while (krylov.dimension < STEPS) expandKrylov(krylov, products, []);
    orthogonalizeRows(krylov, STEPS + 1);
    expect(nonOrthogonality(krylov, STEPS)).toBeLessThan(1e-9);
    expect(defect(krylov, apply)).toBeLessThan(1e-9);
  });
});
