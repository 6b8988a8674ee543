// Eigenvalues by way of a band: no routine is shared with the reduction in one step, but for QL and what updates blocks of the band.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream, symmetricEigen, type Tensor, useBackend } from "../../../src/index.js";
import { alone } from "../../../src/linalg/dense/band/band-threads.js";
import {
  shareReduction,
  tridiagonalizeByBand,
} from "../../../src/linalg/dense/band/tridiagonalize-by-band.js";
import { rootFreeQL } from "../../../src/linalg/dense/root-free-ql.js";
import { powerOfTwoNear } from "../../../src/tensor/power-of-two.js";
import { euclidean, expectClose, largest } from "../../oracles/compare.js";
import { jacobiEigenvalues } from "../../oracles/jacobi.js";
import { symmetric, withSpectrum } from "../../oracles/plain-matrix.js";
import { chosenBackend } from "../../setup.js";
import { matrices } from "./matrices.js";

const stream = randomStream(8, "band");

/** Errors are a few n·ε·‖A‖; this asks for no more than 4n. */
const tolerance = (n: number) => 4 * n * Number.EPSILON;

function reduced(a: Tensor) {
  const scale = powerOfTwoNear(largest(a.data));
  return { scale, ...tridiagonalizeByBand(a, scale) };
}

function eigenvalues(a: Tensor): Float64Array {
  const { scale, diagonal, offDiagonal } = reduced(a);
  rootFreeQL(diagonal, offDiagonal);
  return diagonal.map((value) => value * scale).sort();
}

describe("eigenvalues by way of a band", () => {
  it.each(matrices)("are those that the reduction in one step gives, of a matrix %s", (_, a) => {
    expectClose(eigenvalues(a), symmetricEigen(a).values, tolerance(a.shape[0]), euclidean(a.data));
  });

  it("are those that Jacobi rotations find", () => {
    const a = symmetric(97, () => stream.normal());
    const wanted = jacobiEigenvalues(a);
    expectClose(eigenvalues(a), wanted, tolerance(97), largest(wanted));
  });

  it.each([33, 64, 170, 321])("are those that a matrix was made with, n = %i", (n) => {
    const spectrum = Float64Array.from({ length: n }, (_, i) => 10 ** -(i % 9) * (i % 4 === 3 ? -1 : 1));
    expectClose(eigenvalues(withSpectrum(spectrum, n)), spectrum.sort(), tolerance(n), 1);
  });

  it("are of the symmetric part, wherever its entries lie", () => {
    const a = symmetric(70, () => stream.normal());
    const spoilt = a.data.map((entry, at) => entry + (at === 5 ? 1e-13 : at === 5 * 70 ? -1e-13 : 0));
    const reversed = { ...a, data: spoilt, stride: [-70, -1], offset: 70 * 70 - 1 };
    expectClose(eigenvalues(reversed), eigenvalues(a), tolerance(70), euclidean(a.data));
  });
});

describe("the way over a band", () => {
  it("gives the same bits in WebAssembly and in plain TypeScript", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), (n, seed) => {
        const draws = randomStream(seed, "band");
        const a = symmetric(n, () => draws.normal());
        const [plain, wasm] = (["plain", "wasm"] as const).map((name) => {
          useBackend(name);
          return reduced(a);
        });
        useBackend(chosenBackend);
        expect(wasm).toEqual(plain);
      }),
      { numRuns: 15 },
    );
  });

  it.each([0, 3, 12])("begins again where another thread fails, after %i rounds of pieces", (rounds) => {
    const a = symmetric(150, () => stream.normal());
    useBackend("wasm");
    const wanted = reduced(a);
    let calls = 0;
    shareReduction({
      ...alone,
      run(work, ...pieces) {
        if (calls++ !== rounds) return alone.run(work, ...pieces);
        work.data.fill(Number.NaN);
        return false;
      },
    });
    const begunAgain = reduced(a);
    shareReduction(undefined);
    useBackend(chosenBackend);
    expect(calls).toBe(rounds + 1);
    expect(begunAgain).toEqual(wanted);
  });

  it("keeps its memory, and gives up what is large", () => {
    useBackend("wasm");
    const [small, again, large, next] = [1000, 1000, 5_000_000, 1000].map(
      (length) => alone.arena(length)!.data,
    );
    useBackend(chosenBackend);
    expect(again).toBe(small);
    expect(large.length).toBeGreaterThanOrEqual(5_000_000);
    expect(next).toBe(small);
  });

  it("is plain where there is no memory for WebAssembly", () => {
    useBackend("plain");
    expect(alone.arena(10)!.data).toHaveLength(10);
    useBackend(chosenBackend);
  });
});
