import type { CurvaturePart } from "../nn/dense/tangents.js";
import type { Tap } from "../nn/taps.js";
import type { Steps } from "../tensor/indexed-matrix.js";
import { scratch, uninitialized } from "../tensor/scratch.js";
import { triangle } from "./triangle.js";

export type { Tap };

/** Length of ã. */
export function widthOf({ inputs, bias }: Tap): number {
  return inputs + (bias ? 1 : 0);
}

/** One vector per sample: entry e of sample i is `data[i·step + places(e)]`. */
export interface SampleVectors {
  readonly data: Float64Array;
  /** The derivative of what is computed from them, in the same places; empty where none is asked for. */
  readonly adjoint: Float64Array;
  readonly step: number;
  readonly places: Steps;
  readonly width: number;
}

/**
 * ∂a/∂zˡ per sample, for the input a of one tap and the output of an earlier one: its diagonal (N × h) where it has
 * nothing else, or the whole matrix.
 */
export interface Slopes extends SampleVectors {
  readonly diagonal: boolean;
}

/**
 * What the loss Hessian of some samples is made of, tap by tap, for the loss ℓ of each sample as a function of additive
 * perturbations of every z:
 *
 * - `rows[l]` ãˡ, the tap's input
 * - `deltas[l]` δˡ = ∂ℓ/∂zˡ
 * - `curvature[m][l]` Xᵐˡ = ∂²ℓ/∂zᵐ∂zˡ for l ≤ m, h_m × h_l
 * - `slopes[m][l]` Eᵐˡ = ∂a/∂zˡ for l < m and the input a of tap m
 *
 * Taps count from 0, and ãˡ is the input of tap l itself. docs/theory/closed-form.md counts layers from 1: there the input of
 * layer l is ã^{l−1}, and our Eᵐˡ is E^{m−1,l}.
 *
 * The block of H between W^m[p,r] and W^l[q,s] is Σ ω (X_pq ã^m_r ã^l_s + δ^m_p E_rq ã^l_s), where the second part stands
 * only off the diagonal, l < m, and only for r that is no bias. Matrices lie column by column: entry (p,q) of sample i at
 * `[q, i, p]` of an array (h_l, N, h_m), so that a product with shared weights is one of plain matrices.
 */
export interface Factors {
  readonly taps: readonly Tap[];
  /** N, the samples held. */
  readonly count: number;
  /** ω (N). */
  readonly weights: Float64Array;
  readonly rows: readonly SampleVectors[];
  readonly deltas: readonly SampleVectors[];
  /** Those of one tap with itself are symmetric, and have places for the upper triangle alone: see `trianglePlaces`. */
  readonly curvature: readonly (readonly SampleVectors[])[];
  readonly slopes: readonly (readonly Slopes[])[];
}

/** Factors that can be computed for any run of samples. */
export interface FactorSet extends Factors {
  /** Computes them for samples `from` … `from` + count − 1, or of a part of H: G has no δ, R no curvature of the loss. */
  fill(from: number, part?: CurvaturePart): void;
  /** Memory of all adjoints. */
  readonly adjoints: readonly Float64Array[];
  /** Adds to `out` (n) the derivative by theta of what the adjoints are of. They are used up. */
  pullBack(out: Float64Array): void;
  /**
   * After `pullBack`: adds to `out` (count × inputs of the first tap) the derivative by the samples' inputs, as far as they
   * enter through the first tap's output; absent where they enter elsewhere.
   */
  toInputs?(out: Float64Array): void;
}

/** A network on a batch at one theta, as far as factors go. */
export interface FactorSource {
  readonly taps: readonly Tap[];
  readonly size: number;
  readonly weights: Float64Array;
  /** Whether the slopes of tap m's input by tap l's output are a diagonal. */
  isDiagonal(m: number, l: number): boolean;
  /** Room for `count` samples; with `differentiate` for adjoints too. */
  create(count: number, differentiate: boolean): FactorSet;
}

/** Numbers that one sample's factors take. */
export function factorLength(taps: readonly Tap[]): number {
  let length = 0;
  taps.forEach(({ units, inputs }, m) => {
    for (let l = 0; l <= m; l++) length += units * taps[l].units;
    for (let l = 0; l < m - 1; l++) length += inputs * taps[l].units;
  });
  return length;
}

/** The memory of all adjoints. */
export function everyAdjoint({ rows, deltas, curvature, slopes }: Factors): readonly Float64Array[] {
  return [...rows, ...deltas, ...curvature.flat(), ...slopes.flat()].map(({ adjoint }) => adjoint);
}

/** Row-major rows of one length. */
export function sampleRows(
  data: Float64Array,
  width: number,
  adjoint: Float64Array = new Float64Array(0),
): SampleVectors {
  return { data, adjoint, step: width, places: 1, width };
}

/** Matrices of `rows` × `columns`, column by column. */
export function sampleMatrices(
  count: number,
  rows: number,
  columns: number,
  differentiate: boolean,
): SampleVectors {
  const data = uninitialized(count * rows * columns);
  const places = new Int32Array(rows * columns);
  for (let q = 0, at = 0; q < columns; q++) {
    for (let p = 0; p < rows; p++, at++) places[at] = q * count * rows + p;
  }
  return { data, adjoint: adjointOf(data, differentiate), step: rows, places, width: places.length };
}

/** Symmetric matrices of n × n, of which the upper triangle counts. */
export function symmetricMatrices(count: number, n: number, differentiate: boolean): SampleVectors {
  const data = uninitialized(count * n * n);
  return {
    data,
    adjoint: adjointOf(data, differentiate),
    step: n,
    places: trianglePlaces(count, n),
    width: triangle(n),
  };
}

function adjointOf(data: Float64Array, differentiate: boolean): Float64Array {
  return scratch(differentiate ? data.length : 0);
}

/** First the entries (p,q) with p < q, column by column, then the diagonal. */
function trianglePlaces(count: number, n: number): Int32Array {
  const places = new Int32Array(triangle(n));
  let at = 0;
  for (let q = 0; q < n; q++) for (let p = 0; p < q; p++) places[at++] = q * count * n + p;
  for (let q = 0; q < n; q++) places[at++] = q * count * n + q;
  return places;
}

/** Of symmetric matrices of n × n, or copies in rows, the entries off the diagonal, which stand for two, and those on it. */
export function triangleParts(
  vectors: SampleVectors,
  n: number,
): readonly [off: SampleVectors, on: SampleVectors] {
  const { data, adjoint, places, width } = vectors;
  const off = width - n;
  if (typeof places === "number")
    return [
      { ...vectors, width: off },
      { ...vectors, data: data.subarray(off), adjoint: adjoint.subarray(off), width: n },
    ];
  return [
    { ...vectors, places: places.subarray(0, off), width: off },
    { ...vectors, places: places.subarray(off), width: n },
  ];
}
