import { BAND_STEP, GROUP, SLOT, TILE, tileAt, WIDTH } from "./layout.js";
import { awaitChange } from "./rest.js";
import type { Work } from "./work.js";

/** What threads do together: rows of the products A·V, of W, of the update A − V Wᵀ − W Vᵀ; and sweeps through the band. */
export const Piece = { products: 0, corrections: 1, updates: 2, sweeps: 3 } as const;
export type Piece = (typeof Piece)[keyof typeof Piece];

const PAIR = 2 * WIDTH;

/** Every `count`-th row of tiles behind a panel, from the one numbered `own` on; or sweeps, as long as there are any. */
export function runPiece(work: Work, piece: Piece, panel: number, own: number, count: number): void {
  if (piece === Piece.sweeps) {
    runSweeps(work, own);
    return;
  }
  for (let row = panel + 1 + own; row < work.layout.tiles; row += count) {
    if (piece === Piece.products) multiplyRow(work, panel, row);
    else if (piece === Piece.corrections) correctRow(work, row);
    else updateRow(work, panel, row);
  }
}

/** A·V from the tiles on and below the diagonal, and, transposed, from those below. */
function multiplyRow({ data, layout, kernels }: Work, panel: number, row: number): void {
  const out = layout.pairs + 2 * row * TILE + WIDTH;
  for (let r = 0; r < WIDTH; r++) data.fill(0, out + r * PAIR, out + r * PAIR + WIDTH);
  for (let j = panel + 1; j < layout.tiles; j++) {
    const below = j > row;
    const tile = below ? tileAt(layout, j, row) : tileAt(layout, row, j);
    const [down, across] = below ? [1, WIDTH] : [WIDTH, 1];
    const v = layout.pairs + 2 * j * TILE;
    kernels.addTileProduct(out, PAIR, tile, down, across, v, PAIR, WIDTH, WIDTH);
  }
}

/** From [V, AV] to [V, W], and −Wᵀ above −Vᵀ. */
function correctRow({ data, layout, kernels }: Work, row: number): void {
  const pair = layout.pairs + 2 * row * TILE;
  const transposed = layout.transposed + 2 * row * TILE;
  // Where −Wᵀ will be there is room for W until then.
  const w = transposed;
  data.fill(0, w, w + TILE);
  kernels.addTileProduct(w, WIDTH, pair, PAIR, 1, layout.small + 2 * TILE, WIDTH, WIDTH, PAIR);
  for (let r = 0; r < WIDTH; r++) {
    const at = pair + r * PAIR;
    data.copyWithin(at + WIDTH, w + r * WIDTH, w + (r + 1) * WIDTH);
  }
  for (let c = 0; c < WIDTH; c++) {
    const to = transposed + c * WIDTH;
    for (let r = 0, from = pair + c; r < WIDTH; r++, from += PAIR) {
      data[to + r] = -data[from + WIDTH];
      data[to + TILE + r] = -data[from];
    }
  }
}

/** A − V Wᵀ − W Vᵀ on the tiles up to the diagonal. */
function updateRow({ layout, kernels }: Work, panel: number, row: number): void {
  const pair = layout.pairs + 2 * row * TILE;
  for (let j = panel + 1; j <= row; j++) {
    const transposed = layout.transposed + 2 * j * TILE;
    kernels.addTileProduct(tileAt(layout, row, j), WIDTH, pair, PAIR, 1, transposed, WIDTH, WIDTH, PAIR);
  }
}

/** The progress of a group that is done. */
const DONE = 0x7fffffff;

/** Where groups say how far they are; the first place has the number of the next group. */
function progressOf({ data, layout }: Work): Int32Array {
  const groups = Math.ceil(layout.n / GROUP);
  return new Int32Array(data.buffer, data.byteOffset + 8 * layout.progress, groups + 1);
}

/**
 * Takes groups of sweeps, each as soon as the one before has gone far enough: a sweep takes a step once the sweep before has taken
 * the next one.
 * @param own whose slots are used
 */
function runSweeps(work: Work, own: number): void {
  const { n } = work.layout;
  const progress = progressOf(work);
  for (;;) {
    const group = Atomics.add(progress, 0, 1);
    const first = group * GROUP;
    if (first >= n - 2) return;
    const count = Math.min(GROUP, n - 2 - first);
    const steps = Math.ceil((n - 1 - first) / WIDTH) + count - 1;
    for (let step = 0; step < steps; step++) {
      if (group > 0) {
        let before = Atomics.load(progress, group);
        while (before <= step + GROUP) before = awaitChange(progress, group, before);
      }
      for (let k = 0; k < count && k <= step; k++)
        stepOfSweep(work, first + k, step - k, work.layout.slots + (own * GROUP + k) * SLOT);
      Atomics.store(progress, group + 1, step + 1);
    }
    Atomics.store(progress, group + 1, DONE);
  }
}

/** Sweep s clears column s behind its second entry, and moves what that fills in down the band, block by block. */
function stepOfSweep({ layout, kernels }: Work, s: number, step: number, slot: number): void {
  const r = s + 1 + step * WIDTH;
  if (r >= layout.n) return;
  if (step === 0) kernels.reflectColumn(entryAt(layout.band, r, s), BAND_STEP, WIDTH, slot);
  kernels.reflectBlock(entryAt(layout.band, r, r), BAND_STEP, WIDTH, slot);
  if (r + WIDTH < layout.n) kernels.pushBulge(entryAt(layout.band, r + WIDTH, r), BAND_STEP, WIDTH, slot);
}

/** Where an entry of the band is. */
export const entryAt = (band: number, i: number, j: number): number => band + i * BAND_STEP + j;
