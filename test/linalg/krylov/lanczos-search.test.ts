import { describe, expect, it } from "vitest";
import { productOperator, randomStream, symmetricEigen } from "../../../src/index.js";
import {
  createKrylov,
  expandKrylov,
  restartKrylov,
  ritzPairs,
  startKrylov,
} from "../../../src/linalg/krylov/krylov.js";
import {
  excludesBeyond,
  restartPart,
  type StartPart,
  search,
} from "../../../src/linalg/krylov/lanczos-search.js";
import { productsOf } from "../../../src/linalg/krylov/products.js";
import { fillNormal } from "../../../src/linalg/vectors.js";
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

const partOf = (couplings: number[]): StartPart => ({ couplings, kept: [], logUpper: 0, logLower: 0 });

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
          expect(excludesBeyond(ritz, partOf(couplings.slice(0, m)), sides(values[at]), N)).toBe(false);
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
          excludesBeyond(symmetricEigen(block(m)).values, partOf(couplings.slice(0, m)), sides, N),
        );
        expect(first).toBeLessThan(20);
      }
    }
  });

  it("excludes nothing inside the Ritz values, and has no opinion without bounds", () => {
    expect(excludesBeyond(Float64Array.of(0, 1), partOf([1e-20, 1e-20]), up(0.5), 10)).toBe(false);
    expect(excludesBeyond(Float64Array.of(0, 1), partOf([1e-20, 1e-20]), up(1), 10)).toBe(false);
    expect(excludesBeyond(Float64Array.of(0, 1), partOf([1e-20, 1e-20]), up(2), 10)).toBe(true);
    expect(
      excludesBeyond(
        Float64Array.of(0, 1),
        partOf([1e-20, 1e-20]),
        { low: 0, high: 1, beyond: undefined },
        10,
      ),
    ).toBe(false);
  });

  // The eigenvectors of a diagonal matrix are known: so is the part that each has in a vector.
  it.each([
    ["upper", up(1), N - 1],
    ["lower", down(-1), 0],
  ] as const)("knows the part of an eigenvector at the %s end across restarts", (_, goal, at) => {
    const diagonal = Float64Array.from({ length: N }, (_, i) => (2 * i) / (N - 1) - 1);
    const krylov = createKrylov(N, 10);
    const products = productsOf(
      productOperator(N, (v) => {
        return v.map((entry, i) => diagonal[i] * entry);
      }),
    );
    fillNormal(krylov.rows[0], stream);
    // So little of it that no Ritz value comes near to its eigenvalue.
    krylov.rows[0][at] = 1e-9;
    startKrylov(krylov, []);
    const start = krylov.rows[0][at];
    const part = partOf([]);
    for (const kept of [
      [0, 1, 2, 8, 9],
      [0, 7, 8, 9],
      [1, 9],
    ]) {
      while (krylov.dimension < 10) {
        expandKrylov(krylov, products, []);
        part.couplings.push(krylov.coupling);
      }
      const ritz = ritzPairs(krylov);
      restartKrylov(krylov, ritz, kept);
      restartPart(part, ritz.values, kept, goal);
      const log = at === 0 ? part.logLower : part.logUpper;
      const known = Math.exp(log) * Math.abs(krylov.rows[krylov.dimension][at]);
      expect(Math.abs(known / start - 1)).toBeLessThan(1e-5);
    }
  });
});

describe("search", () => {
  it("proves across restarts that there is nothing beyond, without waiting for a pair to converge", () => {
    const diagonal = Float64Array.from({ length: 400 }, (_, i) => -i / 400);
    const operator = productOperator(400, (v) => v.map((entry, i) => diagonal[i] * entry));
    const run = (upper: number) => {
      const goal = { low: 0, high: 1, beyond: { lower: Number.NEGATIVE_INFINITY, upper } };
      const products = productsOf(operator);
      const { end } = search(createKrylov(400, 12), products, [], goal, stream, 1e-12, 10000);
      return { end, count: products.count };
    };
    const far = run(0.02);
    expect(far.end).toBe("nothing-beyond");
    expect(far.count).toBeGreaterThan(24);
    const near = run(0);
    expect(near.end).toBe("converged");
    expect(near.count).toBeGreaterThan(2 * far.count);
  });
});
