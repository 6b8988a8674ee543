import { describe, expect, it } from "vitest";
import { randomStream, symmetricEigen } from "../../../src/index.js";
import { excludesBeyond } from "../../../src/linalg/krylov/lanczos-search.js";
import { symmetric } from "../../oracles/plain-matrix.js";

// On a tridiagonal matrix, Lanczos from e₁ gives its leading blocks: what it can know of an eigenvector is its first
// component, which the dense eigendecomposition has.
const N = 30;
const stream = randomStream(4, "absence-test");

function tridiagonal() {
  const diagonal = Array.from({ length: N }, () => stream.normal());
  const couplings = Array.from({ length: N }, () => 0.1 + Math.abs(stream.normal()) / 2);
  const block = (n: number) =>
    symmetric(n, (i, j) => (i === j ? diagonal[i] : i - j === 1 ? couplings[j] : 0));
  return { block, couplings };
}

const up = (upper: number) => ({ low: 0, high: 1, beyond: { lower: Number.NaN, upper } });
const down = (lower: number) => ({ low: 1, high: 0, beyond: { lower, upper: Number.NaN } });

describe("excludesBeyond", () => {
  it("never excludes an eigenvalue of which the start vector has a part", () => {
    let asked = 0;
    for (let draw = 0; draw < 100; draw++) {
      const { block, couplings } = tridiagonal();
      const { values, vectors } = symmetricEigen(block(N), { vectors: true });
      for (const [at, sides] of [
        [N - 1, up],
        [0, down],
      ] as const) {
        if (Math.abs(vectors.data[at]) < 2e-8 / Math.sqrt(N)) continue;
        for (let m = 1; m < N; m++) {
          asked++;
          const ritz = symmetricEigen(block(m)).values;
          expect(excludesBeyond(ritz, couplings.slice(0, m), sides(values[at]), N)).toBe(false);
        }
      }
    }
    expect(asked).toBeGreaterThan(2000);
  });

  it("excludes what is not there, a little beyond the spectrum, before the whole space is explored", () => {
    for (let draw = 0; draw < 30; draw++) {
      const { block, couplings } = tridiagonal();
      const { values } = symmetricEigen(block(N));
      const margin = 0.5 * (values[N - 1] - values[0]);
      for (const sides of [up(values[N - 1] + margin), down(values[0] - margin)]) {
        const first = Array.from({ length: N }, (_, i) => i + 1).find((m) =>
          excludesBeyond(symmetricEigen(block(m)).values, couplings.slice(0, m), sides, N),
        );
        expect(first).toBeLessThan(20);
      }
    }
  });

  it("excludes nothing inside the Ritz values, and has no opinion without bounds", () => {
    expect(excludesBeyond(Float64Array.of(0, 1), [1e-20, 1e-20], up(0.5), 10)).toBe(false);
    expect(excludesBeyond(Float64Array.of(0, 1), [1e-20, 1e-20], up(1), 10)).toBe(false);
    expect(excludesBeyond(Float64Array.of(0, 1), [1e-20, 1e-20], up(2), 10)).toBe(true);
    expect(
      excludesBeyond(Float64Array.of(0, 1), [1e-20, 1e-20], { low: 0, high: 1, beyond: undefined }, 10),
    ).toBe(false);
  });
});
