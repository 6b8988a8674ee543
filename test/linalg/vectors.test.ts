import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/index.js";
import { fillNormal, normalize, orthogonalize } from "../../src/linalg/vectors.js";

/** Unit vectors along coordinates, rotated by one reflection: orthonormal to rounding, and none of them sparse. */
function orthonormal(count: number, size: number): Float64Array[] {
  const axis = new Float64Array(size);
  fillNormal(axis, randomStream(3, "vectors-test"));
  normalize(axis);
  return Array.from({ length: count }, (_, j) =>
    axis.map((entry, i) => (i === j ? 1 : 0) - 2 * axis[j] * entry),
  );
}

/** In extended precision: what is left of v, and its components. */
function exact(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  let lost = 0;
  x.forEach((entry, i) => {
    const term = entry * y[i] - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  });
  return sum;
}

describe("orthogonalize", () => {
  const size = 40;

  it("leaves what is orthogonal to both sets, and says how long it is and what it took", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 12 }),
        fc.nat(),
        (f, b, seed) => {
          const units = orthonormal(f + b, size);
          const [fixed, basis] = [units.slice(0, f), units.slice(f)];
          const v = new Float64Array(size);
          fillNormal(v, randomStream(seed, "vectors-test"));
          const before = v.slice();
          const coefficients = new Float64Array(b);
          const length = orthogonalize(v, fixed, basis, b, coefficients);
          for (const unit of units) expect(Math.abs(exact(unit, v))).toBeLessThan(1e-14 * length);
          expect(length).toBeCloseTo(Math.sqrt(exact(v, v)), 12);
          basis.forEach((unit, i) => {
            expect(coefficients[i]).toBeCloseTo(exact(unit, before), 12);
          });
        },
      ),
    );
  });

  it("goes over it again where a pass took almost all of it", () => {
    const units = orthonormal(9, size);
    const [last, ...basis] = units;
    for (const rest of [1e-6, 1e-12]) {
      const v = new Float64Array(size);
      for (const unit of basis) for (let i = 0; i < size; i++) v[i] += unit[i];
      for (let i = 0; i < size; i++) v[i] += rest * last[i];
      const coefficients = new Float64Array(basis.length);
      const length = orthogonalize(v, [], basis, basis.length, coefficients);
      expect(Math.abs(length - rest)).toBeLessThan(1e-14);
      for (const unit of basis) expect(Math.abs(exact(unit, v))).toBeLessThan(1e-15 * length);
      for (const coefficient of coefficients) expect(coefficient).toBeCloseTo(1, 14);
    }
  });

  it("returns 0 for zero, and for a vector in the span of a whole basis", () => {
    const basis = orthonormal(5, 5);
    expect(orthogonalize(new Float64Array(5), [], basis, 5)).toBe(0);
    expect(orthogonalize(Float64Array.of(1, 2, 3, 4, 5), [], basis, 5)).toBe(0);
  });
});
