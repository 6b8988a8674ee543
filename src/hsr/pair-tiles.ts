import type { SampleVectors } from "../hessian/factors.js";
import { addProduct, addSymmetricProduct } from "../tensor/product.js";
import type { PairSet } from "./pair-set.js";

/** Samples i … i + rows − 1 of one set with j … j + columns − 1 of another, or of the same. */
export interface Tile {
  readonly a: PairSet;
  readonly b: PairSet;
  readonly i: number;
  readonly j: number;
  readonly rows: number;
  readonly columns: number;
  /** The same samples on both sides. */
  readonly own: boolean;
  /** How many pairs each stands for: itself, and its mirror image where the tile has none of its own. */
  readonly multiplicity: 1 | 2;
  /** Whether all products are formed, or those alone that derivatives need. */
  readonly summed: boolean;
}

/** out = scale · ⟨f_i, g_j⟩ for the pairs of a tile, row-major. */
export function innerProducts(
  out: Float64Array,
  tile: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale = 1,
): void {
  out.fill(0, 0, tile.rows * tile.columns);
  addInnerProducts(out, tile, f, g, scale);
}

export function addInnerProducts(
  out: Float64Array,
  { i, j, rows, columns, own }: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale = 1,
): void {
  const c = { data: out, offset: 0, down: columns, across: 1 };
  const a = { data: f.data, offset: i * f.step, down: f.step, across: f.places };
  const b = { data: g.data, offset: j * g.step, down: g.places, across: g.step };
  if (own && f === g) addSymmetricProduct(c, a, b, [rows, f.width], scale);
  else addProduct(c, a, b, [rows, f.width, columns], scale);
}

/** Adds to the adjoints of f and g those of Σ_ij bar_ij ⟨f_i, g_j⟩. */
export function pullBackInner(
  bar: Float64Array,
  tile: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale: number,
): void {
  addToRows(bar, tile, f, g, scale);
  addToColumns(bar, tile, f, g, scale);
}

/** The same where f and g are the vectors of one family: once where pairs stand for their mirror images. */
export function pullBackSymmetric(
  bar: Float64Array,
  tile: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale = 1,
): void {
  addToRows(bar, tile, f, g, tile.own ? 2 * scale : scale);
  if (!tile.own) addToColumns(bar, tile, f, g, scale);
}

function addToRows(
  bar: Float64Array,
  { i, j, rows, columns }: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale: number,
): void {
  addProduct(
    { data: f.adjoint, offset: i * f.step, down: f.step, across: f.places },
    { data: bar, offset: 0, down: columns, across: 1 },
    { data: g.data, offset: j * g.step, down: g.step, across: g.places },
    [rows, columns, f.width],
    scale,
  );
}

function addToColumns(
  bar: Float64Array,
  { i, j, rows, columns }: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale: number,
): void {
  addProduct(
    { data: g.adjoint, offset: j * g.step, down: g.step, across: g.places },
    { data: bar, offset: 0, down: 1, across: columns },
    { data: f.data, offset: i * f.step, down: f.step, across: f.places },
    [columns, rows, g.width],
    scale,
  );
}
