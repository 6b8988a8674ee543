/** Columns of a band, and rows and columns of a tile. Of 16 to 48 the fastest; measured. */
export const WIDTH = 32;

/** Numbers in a tile. */
export const TILE = WIDTH * WIDTH;

/** Sweeps that go through the band together, one behind the other, so that it is in the cache for all of them. */
export const GROUP = 8;

/** Numbers that a sweep works with: a reflector, its partner in the update of a block, the next one, and what a bulge takes. */
export const SLOT = 5 * WIDTH + 4;

/** Of a row of the band: 2·WIDTH entries up to the diagonal, and what a tile of four may write behind it. */
export const BAND_STEP = 2 * WIDTH + 4;

/** Where in memory everything is, by numbers, that n eigenvalues take. */
export interface BandLayout {
  readonly n: number;
  /** Rows and columns of tiles; behind row n the matrix is zero. */
  readonly tiles: number;
  /** Where each column of tiles begins, from its diagonal tile down. */
  readonly columns: readonly number[];
  /** Rows of 2·WIDTH: the reflectors of a panel, V, beside the products A·V, or W. */
  readonly pairs: number;
  /** For each row of tiles −Wᵀ above −Vᵀ. */
  readonly transposed: number;
  /** VᵀV, VᵀAV, and what [V, AV] is multiplied with. */
  readonly small: number;
  /** Entry (0, 0) of the band. Rows are BAND_STEP + 1 numbers long, so that entries of a column are BAND_STEP apart. */
  readonly band: number;
  /** One place for each group of sweeps: how far it is. */
  readonly progress: number;
  /** The slots of every thread. */
  readonly slots: number;
  readonly length: number;
}

/** @param threads that may work on it together */
export function bandLayout(n: number, threads: number): BandLayout {
  const tiles = Math.ceil(n / WIDTH);
  let end = 0;
  const reserve = (length: number): number => {
    const at = end;
    end += 8 * Math.ceil(length / 8);
    return at;
  };
  const columns = Array.from({ length: tiles }, (_, column) => reserve((tiles - column) * TILE));
  const pairs = reserve(2 * tiles * TILE);
  const transposed = reserve(2 * tiles * TILE);
  const small = reserve(6 * TILE);
  const band = reserve((n + WIDTH + 1) * (BAND_STEP + 1) + 2 * WIDTH) + 2 * WIDTH;
  const progress = reserve(n / (2 * GROUP) + 1);
  const slots = reserve(threads * GROUP * SLOT);
  return { n, tiles, columns, pairs, transposed, small, band, progress, slots, length: end };
}

/** Where a tile on the diagonal or below it begins. */
export function tileAt({ columns }: BandLayout, row: number, column: number): number {
  return columns[column] + (row - column) * TILE;
}
