import { backend } from "../../../tensor/backend.js";
import type { Tensor } from "../../../tensor/view.js";
import { halfSum } from "../symmetric-part.js";
import { alone, type BandThreads } from "./band-threads.js";
import { factorPanel, fillSmall } from "./factor-panel.js";
import { type BandLayout, bandLayout, tileAt, WIDTH } from "./layout.js";
import { entryAt, Piece } from "./pieces.js";
import type { Work } from "./work.js";

let shared: BandThreads | undefined;

/** Has large matrices reduced by several threads, wherever WebAssembly computes; or no longer. */
export function shareReduction(threads: BandThreads | undefined): void {
  shared = threads;
}

/** What is left of a matrix. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** In 1 … n − 1. */
  readonly offDiagonal: Float64Array;
}

/**
 * Orthogonal reduction of the symmetric part of A/scale to tridiagonal form in two steps, for eigenvalues alone: to a band, in which
 * nearly all are products of matrices, and not half as in one step, and from there by sweeps that each clear a column and chase
 * what they fill in out of the band (Bischof, Lang & Sun 2000). From the last row up, as `tridiagonalize`.
 */
export function tridiagonalizeByBand(a: Tensor, scale: number): Tridiagonal {
  const several = backend() === "plain" ? undefined : shared;
  // Where another thread fails, this one starts anew.
  return (
    (several && tridiagonalizeWith(several, a, scale)) ?? (tridiagonalizeWith(alone, a, scale) as Tridiagonal)
  );
}

/** Nothing where the threads have too little memory, or fail. */
function tridiagonalizeWith(threads: BandThreads, a: Tensor, scale: number): Tridiagonal | undefined {
  const [n] = a.shape;
  const layout = bandLayout(n, threads.count);
  const arena = threads.arena(layout.length);
  if (arena === undefined) return undefined;
  const work: Work = { layout, ...arena };
  work.data.fill(0, 0, layout.slots);
  fillTiles(work, a, scale);
  if (!reduceToBand(work, threads) || !threads.run(work, Piece.sweeps, 0, threads.count)) return undefined;
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = n - 1 - i;
    diagonal[i] = work.data[entryAt(layout.band, row, row)];
    if (i > 0) offDiagonal[i] = work.data[entryAt(layout.band, row + 1, row)];
  }
  return { diagonal, offDiagonal };
}

/** The matrix, from its last row up, in tiles that are zero; those on the diagonal whole. */
function fillTiles({ data, layout }: Work, a: Tensor, scale: number): void {
  const { n, tiles } = layout;
  const [down, across] = a.stride;
  const last = a.offset + (n - 1) * (down + across);
  for (let column = 0; column < tiles; column++) {
    for (let row = column; row < tiles; row++) {
      const tile = tileAt(layout, row, column);
      const height = Math.min(WIDTH, n - row * WIDTH);
      const width = Math.min(WIDTH, n - column * WIDTH);
      for (let r = 0; r < height; r++) {
        let left = last - (row * WIDTH + r) * down - column * WIDTH * across;
        let above = last - (row * WIDTH + r) * across - column * WIDTH * down;
        for (let to = tile + r * WIDTH, end = to + width; to < end; to++) {
          data[to] = halfSum(a.data[left], a.data[above], scale);
          left -= across;
          above -= down;
        }
      }
    }
  }
}

/** A − V Wᵀ − W Vᵀ, panel by panel. @returns whether the threads could do it */
function reduceToBand(work: Work, threads: BandThreads): boolean {
  const { data, layout } = work;
  const inverses = new Float64Array(WIDTH);
  for (let panel = 0; panel < layout.tiles; panel++) {
    copyDiagonal(data, layout, panel);
    const rows = layout.tiles - panel - 1;
    if (rows === 0) break;
    factorPanel(work, panel, inverses);
    if (!threads.run(work, Piece.products, panel, rows)) return false;
    fillSmall(work, panel, inverses);
    if (!threads.run(work, Piece.corrections, panel, rows) || !threads.run(work, Piece.updates, panel, rows))
      return false;
  }
  return true;
}

/** What a diagonal tile has for the band. */
function copyDiagonal(data: Float64Array, layout: BandLayout, panel: number): void {
  const tile = tileAt(layout, panel, panel);
  for (let r = 0, i = panel * WIDTH; r < WIDTH && i < layout.n; r++, i++) {
    const from = tile + r * WIDTH;
    const to = entryAt(layout.band, i, panel * WIDTH);
    for (let c = 0; c <= r; c++) data[to + c] = data[from + c];
  }
}
