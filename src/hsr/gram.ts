import type { FinishedHiddenPass } from "../nn/dense/one-hidden-layer.js";
import { gemm } from "../tensor/matmul.js";
import { matrixView, rowRange, type Tensor, transpose, zeros } from "../tensor/view.js";
import type { Contraction, DifferentiableRows, MomentTerms, Term } from "./terms.js";

/** Samples per side of a tile of pairs. */
const TILE = 96;

/**
 * By pairs of samples: ‖Σ ω_i f_i ⊗ u_i ⊗ v_i‖² = Σ_ij ω_i ω_j ⟨f_i,f_j⟩⟨u_i,u_j⟩⟨v_i,v_j⟩. Memory
 * beyond the rows: a few tiles.
 */
export const gramContraction: Contraction = (list, finished, terms, differentiate) => {
  const { activations } = finished.pass;
  const { count } = finished.batch;
  const tile = tileOf(terms, Math.min(TILE, count));
  let total = 0;
  for (let first = 0; first < count; first += TILE) {
    for (let second = first; second < count; second += TILE) {
      tile.moveTo(first, Math.min(first + TILE, count), second, Math.min(second + TILE, count));
      tile.activationWeights.data.fill(0);
      for (const term of list) total += contractTile(tile, term, finished, differentiate);
      if (differentiate) {
        const rows = {
          width: activations.shape[1],
          data: activations.data,
          adjoint: terms.activationAdjoint,
        };
        pullBack(tile, tile.activationWeights, rows, count);
      }
    }
  }
  return total;
};

/** The inner products of samples I × J that the terms share, computed at most once per tile. */
interface Tile {
  /** [from, to) of I and of J. */
  readonly rows: [number, number];
  readonly columns: [number, number];
  /** Pairs off the diagonal tiles stand for their mirror image too. */
  multiplicity: 1 | 2;
  readonly products: Tensor;
  readonly pairWeights: Tensor;
  /** Σ over terms of ∂(tr H²)/∂⟨ã_i, ã_j⟩. */
  readonly activationWeights: Tensor;
  moveTo(rowFrom: number, rowTo: number, columnFrom: number, columnTo: number): void;
  /** ⟨u_i, u_j⟩ for the pairs of this tile. */
  gram(u: Tensor): Float64Array;
}

/** Tiles live as long as the terms they serve. */
const tiles = new WeakMap<MomentTerms, Tile>();

function tileOf(terms: MomentTerms, size: number): Tile {
  const tile = tiles.get(terms) ?? createTile(size);
  tiles.set(terms, tile);
  return tile;
}

function createTile(size: number): Tile {
  const buffer = () => zeros([size, size]);
  const known = new Map<Float64Array, { product: Tensor; fresh: boolean }>();
  const tile: Tile = {
    rows: [0, 0],
    columns: [0, 0],
    multiplicity: 1,
    products: buffer(),
    pairWeights: buffer(),
    activationWeights: buffer(),
    moveTo(rowFrom, rowTo, columnFrom, columnTo) {
      tile.rows[0] = rowFrom;
      tile.rows[1] = rowTo;
      tile.columns[0] = columnFrom;
      tile.columns[1] = columnTo;
      tile.multiplicity = rowFrom === columnFrom ? 1 : 2;
      for (const entry of known.values()) entry.fresh = false;
    },
    gram(u) {
      let entry = known.get(u.data);
      if (entry === undefined) {
        entry = { product: buffer(), fresh: false };
        known.set(u.data, entry);
      }
      if (!entry.fresh) {
        gemm(clip(entry.product, tile), rowRange(u, ...tile.rows), transpose(rowRange(u, ...tile.columns)));
        entry.fresh = true;
      }
      return entry.product.data;
    },
  };
  return tile;
}

/** The part of a square buffer that the tile's pairs fill; the row stride stays. */
function clip(buffer: Tensor, tile: Tile): Tensor {
  return matrixView(
    buffer.data,
    tile.rows[1] - tile.rows[0],
    tile.columns[1] - tile.columns[0],
    0,
    buffer.stride[0],
  );
}

function contractTile(
  tile: Tile,
  { coefficient, f, feature }: Term,
  { batch, pass }: FinishedHiddenPass,
  differentiate: boolean,
): number {
  const { weights } = batch;
  const { u, v } = feature;
  const gramU = tile.gram(u);
  const gramV = v === undefined ? undefined : tile.gram(v);
  const products = clip(tile.products, tile);
  const rows = matrixView(f.data, weights.length, f.width);
  gemm(products, rowRange(rows, ...tile.rows), transpose(rowRange(rows, ...tile.columns)));

  const [m, n] = products.shape;
  const stride = products.stride[0];
  const pairWeights = tile.pairWeights.data;
  const activationWeights = tile.activationWeights.data;
  // By ⟨ã_i, ã_j⟩, the weight (product of the other factors) is the derivative; it counts twice where u = v = ã.
  const differentiateU = differentiate && u === pass.activations;
  const power = v === u ? 2 : 1;
  let total = 0;
  for (let i = 0; i < m; i++) {
    const scale = coefficient * weights[tile.rows[0] + i];
    for (let j = 0; j < n; j++) {
      const at = i * stride + j;
      const pair = scale * weights[tile.columns[0] + j];
      const other = gramV === undefined ? pair : pair * gramV[at];
      const weight = other * gramU[at];
      pairWeights[at] = weight;
      total += weight * products.data[at];
      if (differentiateU) activationWeights[at] += power * other * products.data[at];
    }
  }
  if (differentiate) pullBack(tile, tile.pairWeights, f, weights.length);
  return tile.multiplicity * total;
}

/** Adds to the adjoints of f the derivative of Σ_ij W_ij ⟨f_i, f_j⟩ over this tile's pairs and their mirror images. */
function pullBack(tile: Tile, pairWeights: Tensor, f: DifferentiableRows, count: number): void {
  const weights = clip(pairWeights, tile);
  const rows = matrixView(f.data, count, f.width);
  const adjoint = matrixView(f.adjoint, count, f.width);
  gemm(rowRange(adjoint, ...tile.rows), weights, rowRange(rows, ...tile.columns), 2, 1);
  if (tile.multiplicity === 2)
    gemm(rowRange(adjoint, ...tile.columns), transpose(weights), rowRange(rows, ...tile.rows), 2, 1);
}
