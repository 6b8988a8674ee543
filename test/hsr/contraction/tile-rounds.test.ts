import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PairVectors } from "../../../src/hsr/contraction/pair-set.js";
import type { Tile } from "../../../src/hsr/contraction/pair-tiles.js";
import { tileRounds } from "../../../src/hsr/contraction/tile-rounds.js";

const samples = (count: number) => ({ count }) as PairVectors;
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

/** How many pairs (i, j) of all a × b a tile stands for, on either side of the diagonal. */
function timesOf(rounds: readonly (readonly Tile[])[], down: number, across: number): number[][] {
  const times = range(0, down).map(() => new Array<number>(across).fill(0));
  for (const { i, j, rows, columns, onDiagonal, multiplicity } of rounds.flat())
    for (const r of range(i, rows))
      for (const c of range(j, columns)) {
        times[r][c]++;
        if (multiplicity === 2 && !onDiagonal && down === across) times[c][r]++;
      }
  return times;
}

const extent = fc.integer({ min: 1, max: 40 });
const plain = { mirrored: false, summed: true, differentiate: false };

describe("tiles in rounds", () => {
  it("have every pair of the same samples once, with its mirror image", () => {
    fc.assert(
      fc.property(extent, extent, (count, side) => {
        const a = samples(count);
        const rounds = tileRounds(a, a, { ...plain, side });
        expect(timesOf(rounds, count, count).flat()).toEqual(new Array(count * count).fill(1));
      }),
    );
  });

  it("have every pair of different samples once", () => {
    fc.assert(
      fc.property(extent, extent, extent, fc.boolean(), (m, n, side, mirrored) => {
        const tiles = tileRounds(samples(m), samples(n), { ...plain, side, mirrored }).flat();
        const pairs = tiles.flatMap(({ i, j, rows, columns }) =>
          range(i, rows).flatMap((r) => range(j, columns).map((c) => r * n + c)),
        );
        expect(pairs.sort((x, y) => x - y)).toEqual(range(0, m * n));
        expect(
          tiles.every(({ onDiagonal, multiplicity }) => !onDiagonal && multiplicity === (mirrored ? 2 : 1)),
        ).toBe(true);
      }),
    );
  });

  it("share no samples within a round", () => {
    fc.assert(
      fc.property(extent, extent, extent, fc.boolean(), (m, n, side, same) => {
        const a = samples(m);
        for (const tiles of tileRounds(a, same ? a : samples(n), { ...plain, side })) {
          const touched = tiles.flatMap(({ i, j, onDiagonal }) => {
            if (!same) return [`row ${i}`, `column ${j}`];
            return onDiagonal ? [`${i}`] : [`${i}`, `${j}`];
          });
          expect(new Set(touched).size).toBe(touched.length);
        }
      }),
    );
  });
});
