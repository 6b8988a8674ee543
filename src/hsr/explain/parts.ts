import type { FactorSet, FactorSource, Factors } from "../../hessian/factors.js";
import { squaredNorm } from "../../tensor/reduce.js";
import type { BoundSlopes } from "../bound-slopes.js";
import { blockAt, blocksOf } from "../contraction/route.js";

/** A quantity of H in parts that add up to it, several times over. */
export interface Parts {
  /** By samples (N). */
  readonly samples: Float64Array;
  /** By the units of each tap: a parameter belongs to the unit whose z it enters. */
  readonly units: readonly Float64Array[];
  /** By blocks, at `blockAt`; one between two taps with its mirror image. */
  readonly blocks: Float64Array;
  /** What the Gauss–Newton part of H takes of it; the rest is the residual part's. */
  gaussNewton: number;
}

export function createParts({ taps, weights }: FactorSource): Parts {
  return {
    samples: new Float64Array(weights.length),
    units: taps.map(({ units }) => new Float64Array(units)),
    blocks: new Float64Array(blocksOf(taps).length),
    gaussNewton: 0,
  };
}

/** Adds to tr H what these samples give, from `from` on, and tr H_i of each to `alone`. */
export function addTraces(parts: Parts, alone: Float64Array, factors: Factors, from: number): void {
  const { taps, count, weights, rows, curvature } = factors;
  taps.forEach(({ units }, l) => {
    const { data, step, width } = rows[l];
    const x = curvature[l][l].data;
    const unitShares = parts.units[l];
    let block = 0;
    for (let i = 0; i < count; i++) {
      const square = squaredNorm(data, i * step, width);
      let own = 0;
      for (let p = 0; p < units; p++) {
        const trace = square * x[(p * count + i) * units + p];
        unitShares[p] += weights[i] * trace;
        own += trace;
      }
      alone[from + i] += own;
      parts.samples[from + i] += weights[i] * own;
      block += weights[i] * own;
    }
    parts.blocks[blockAt({ m: l, l })] += block;
  });
}

/**
 * Adds to tr H², or what stands for it, ⟨factor, adjoint⟩ of its adjoints. H is linear in X and δ where a and E stay, and
 * in X and E where a and δ stay, so that
 *
 * - ½(⟨X, X̄⟩ + ⟨δ, δ̄⟩) of a sample is ω_i⟨H_i, H⟩
 * - ½(⟨X, X̄⟩ + ⟨E, Ē⟩) of a block is its squared norm, twice between two taps
 * - half of this is that of rows p of the block, from X_p· and δ_p, and of its columns q, from X_·q and E_·q
 * @returns ½⟨X, X̄⟩
 */
export function addSquares(parts: Parts, factors: FactorSet, from: number): number {
  let ofCurvature = 0;
  factors.taps.forEach((_, m) => {
    ofCurvature += addOwnBlock(parts, factors, from, m);
    for (let l = 0; l < m; l++) {
      ofCurvature += addCurvature(parts, factors, from, m, l);
      addSlopes(parts, factors, m, l);
    }
    addDeltas(parts, factors, from, m);
  });
  return ofCurvature;
}

/** X of a tap with itself, of which the upper triangle counts: p ≤ q. */
function addOwnBlock(parts: Parts, { taps, count, curvature }: Factors, from: number, l: number): number {
  const { units } = taps[l];
  const { data, adjoint } = curvature[l][l];
  const { samples } = parts;
  const unitShares = parts.units[l];
  let block = 0;
  for (let q = 0; q < units; q++) {
    for (let i = 0; i < count; i++) {
      let at = (q * count + i) * units;
      let own = 0;
      for (let p = 0; p < q; p++, at++) {
        const product = data[at] * adjoint[at];
        own += product;
        unitShares[p] += product / 4;
      }
      const onDiagonal = data[at] * adjoint[at];
      unitShares[q] += own / 4 + onDiagonal / 2;
      own += onDiagonal;
      samples[from + i] += own / 2;
      block += own;
    }
  }
  parts.blocks[blockAt({ m: l, l })] += block / 2;
  return block / 2;
}

/** X between taps l < m. */
function addCurvature(
  parts: Parts,
  { taps, count, curvature }: Factors,
  from: number,
  m: number,
  l: number,
): number {
  const { data, adjoint } = curvature[m][l];
  const { samples } = parts;
  const [upper, lower] = [parts.units[m], parts.units[l]];
  let block = 0;
  for (let q = 0, at = 0; q < taps[l].units; q++) {
    let column = 0;
    for (let i = 0; i < count; i++) {
      let own = 0;
      for (let p = 0; p < upper.length; p++, at++) {
        const product = data[at] * adjoint[at];
        own += product;
        upper[p] += product / 4;
      }
      samples[from + i] += own / 2;
      column += own;
    }
    lower[q] += column / 4;
    block += column;
  }
  parts.blocks[blockAt({ m, l })] += block / 2;
  return block / 2;
}

function addSlopes(parts: Parts, { taps, count, slopes }: Factors, m: number, l: number): void {
  const { data, adjoint, diagonal } = slopes[m][l];
  const { units } = taps[l];
  const column = diagonal ? 1 : taps[m].inputs;
  // A diagonal lies sample by sample, a matrix column by column.
  const [outer, inner] = diagonal ? [count, units] : [units, count];
  const unitShares = parts.units[l];
  let block = 0;
  for (let o = 0, at = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      let sum = 0;
      for (const end = at + column; at < end; at++) sum += data[at] * adjoint[at];
      unitShares[diagonal ? k : o] += sum / 4;
      block += sum;
    }
  }
  parts.blocks[blockAt({ m, l })] += block / 2;
}

function addDeltas(parts: Parts, { taps, count, deltas }: Factors, from: number, m: number): void {
  const { data, adjoint } = deltas[m];
  const { samples } = parts;
  const unitShares = parts.units[m];
  const { units } = taps[m];
  for (let i = 0, at = 0; i < count; i++) {
    let own = 0;
    for (let p = 0; p < units; p++, at++) {
      const product = data[at] * adjoint[at];
      own += product;
      unitShares[p] += product / 4;
    }
    samples[from + i] += own / 2;
  }
}

/**
 * Takes from parts of ‖H − mI‖² = ⟨H, H − mI⟩ what m tr(H − mI) adds to their sum by rounding, 0 otherwise: each that of
 * its trace.
 */
export function balance(squares: Parts, traces: Parts, total: number): void {
  const trace = traces.samples.reduce((sum, each) => sum + each, 0);
  const level = (shares: readonly Float64Array[], ofTrace: readonly Float64Array[]) => {
    const sum = shares.reduce((all, each) => each.reduce((part, share) => part + share, all), 0);
    const excess = trace === 0 ? 0 : (sum - total) / trace;
    shares.forEach((each, l) => {
      for (let at = 0; at < each.length; at++) each[at] -= excess * ofTrace[l][at];
    });
    return excess;
  };
  level(squares.units, traces.units);
  level([squares.blocks], [traces.blocks]);
  squares.gaussNewton -= level([squares.samples], [traces.samples]) * traces.gaussNewton;
}

/** byTrace · trace + 2 bySquare · square, part by part. */
export function combined(traces: Parts, squares: Parts, { byTrace, bySquare }: BoundSlopes): Parts {
  const of = (trace: Float64Array, square: Float64Array) =>
    trace.map((each, at) => byTrace * each + 2 * bySquare * square[at]);
  return {
    samples: of(traces.samples, squares.samples),
    units: traces.units.map((each, l) => of(each, squares.units[l])),
    blocks: of(traces.blocks, squares.blocks),
    gaussNewton: byTrace * traces.gaussNewton + 2 * bySquare * squares.gaussNewton,
  };
}
