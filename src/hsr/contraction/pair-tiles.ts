import type { SampleVectors } from "../../hessian/factors.js";
import {
  addProduct,
  addSymmetricProduct,
  addUpperProduct,
  into,
  left,
  right,
  sized,
} from "../../tensor/product.js";
import type { PairVectors } from "./pair-set.js";

/** Samples i … i + rows − 1 of one set with j … j + columns − 1 of another, or of the same. */
export interface Tile {
  readonly a: PairVectors;
  readonly b: PairVectors;
  readonly i: number;
  readonly j: number;
  readonly rows: number;
  readonly columns: number;
  /** The same samples on both sides. */
  readonly onDiagonal: boolean;
  /** How many pairs each stands for: itself, and its mirror image where the tile has none of its own. */
  readonly multiplicity: 1 | 2;
  /** Whether all products are formed, or those alone that derivatives need. */
  readonly summed: boolean;
  /** Whether of a tile that is its own mirror image the pairs i ≤ j alone are formed. */
  readonly upper: boolean;
}

/** out = scale · ⟨f_i, g_j⟩ for the pairs of a tile, row-major. */
export function innerProducts(
  out: Float64Array,
  tile: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale = 1,
): void {
  addInnerProducts(out, tile, f, g, scale, 0);
}

export function addInnerProducts(
  out: Float64Array,
  { i, j, rows, columns, onDiagonal, upper }: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale = 1,
  beta = 1,
): void {
  const c = into(out, 0, columns, 1);
  const a = left(f.data, i * f.step, f.step, f.places);
  const b = right(g.data, j * g.step, g.places, g.step);
  const add = upper ? addUpperProduct : onDiagonal && f === g ? addSymmetricProduct : addProduct;
  add(c, a, b, sized(rows, f.width, columns), scale, beta);
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

/** `pullBackInner` where f and g are the vectors of one family: once where pairs stand for their mirror images. */
export function pullBackSymmetric(bar: Float64Array, tile: Tile, f: SampleVectors, g: SampleVectors): void {
  addToRows(bar, tile, f, g, tile.onDiagonal ? 2 : 1);
  if (!tile.onDiagonal) addToColumns(bar, tile, f, g, 1);
}

function addToRows(
  bar: Float64Array,
  { i, j, rows, columns }: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale: number,
): void {
  addProduct(
    into(f.adjoint, i * f.step, f.step, f.places),
    left(bar, 0, columns, 1),
    right(g.data, j * g.step, g.step, g.places),
    sized(rows, columns, f.width),
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
    into(g.adjoint, j * g.step, g.step, g.places),
    left(bar, 0, 1, columns),
    right(f.data, i * f.step, f.step, f.places),
    sized(columns, rows, g.width),
    scale,
  );
}
