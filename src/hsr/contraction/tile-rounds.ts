import type { PairVectors } from "./pair-set.js";
import type { Tile } from "./pair-tiles.js";

/** Which tiles pairs of samples come in. */
interface Tiling {
  /** Samples per side at most. */
  readonly side: number;
  /** Whether, for `a` ≠ `b`, the pairs of `b` × `a` count too. */
  readonly mirrored: boolean;
  /** Whether all products are formed, or those alone that derivatives need. */
  readonly summed: boolean;
  readonly differentiate: boolean;
}

/**
 * All tiles of `a` × `b`, or of the upper half where these are the same. No two of a round have samples in common: several threads
 * may add to adjoints, and whatever they add to one comes in the order of rounds.
 */
export function tileRounds(
  a: PairVectors,
  b: PairVectors,
  { side, mirrored, summed, differentiate }: Tiling,
): Tile[][] {
  const same = a === b;
  const [down, across] = [Math.ceil(a.count / side), Math.ceil(b.count / side)];
  const most = Math.max(down, across);
  return Array.from({ length: most }, (_, round) => {
    const tiles: Tile[] = [];
    for (let row = 0; row < down; row++) {
      const column = (round - row + most) % most;
      if (column >= across || (same && column < row)) continue;
      const [i, j] = [row * side, column * side];
      const onDiagonal = same && row === column;
      tiles.push({
        a,
        b,
        i,
        j,
        rows: Math.min(side, a.count - i),
        columns: Math.min(side, b.count - j),
        onDiagonal,
        multiplicity: (same && !onDiagonal) || mirrored ? 2 : 1,
        summed,
        upper: onDiagonal && !differentiate,
      });
    }
    return tiles;
  });
}
