import type { FactorSet, FactorSource } from "../../hessian/factors.js";
import type { CurvaturePart } from "../../nn/dense/tangents.js";
import { addScaled, scale } from "../../tensor/elementwise.js";
import { scratch } from "../../tensor/scratch.js";
import type { BoundSlopes } from "../bound-slopes.js";
import { createChunks } from "./chunks.js";
import { createPlans } from "./contraction-plan.js";
import { type Block, blockAt, blocksOf, type Route, timesInH } from "./route.js";
import { addTraces, pullBackTraces } from "./sample-moments.js";
import {
  clearAdjoints,
  createSquareSums,
  type FactorVisitor,
  type PairVisitor,
  type Summation,
} from "./square-sums.js";
import type { PairScales } from "./tile-contraction.js";

/** What adjoints may be divided by, or multiplied with, before they are pulled back. */
const LARGEST_UNIT = 1e60;

/** Above this κ = mean ‖H_i‖²/‖H‖², pairs of samples cancel: they lose about κε. */
export const CANCELLATION = 1e6;

/** tr H² in parts. */
export interface BlockSquares {
  /** ‖·‖_F² of the block between taps l ≤ m, at `blockAt`; those with l < m stand in H twice. */
  readonly squares: Float64Array;
  /** tr H², ≥ 0. */
  readonly total: number;
  /** κ, as far as pairs of samples were summed: Σω · Σ_i ω_i ‖H_i‖² / tr H² over these blocks; 0 for none. */
  readonly cancellation: number;
}

interface Visitors {
  /** Of the adjoints, in portions that add up, each with all factors of its samples. */
  readonly factors: FactorVisitor;
  /** Of all pairs of samples, tile by tile, whatever the route. */
  readonly pairs?: PairVisitor | undefined;
  /** Whether tiles need their derivatives by inputs. Default false. */
  readonly byInputs?: boolean | undefined;
}

/** tr H and tr H² of one network on one batch, at one theta after another; buffers are reused. */
export interface Contraction {
  /** n. */
  readonly size: number;
  /** To be called at every new theta. */
  renew(): void;
  /** tr H. */
  trace(part?: CurvaturePart): number;
  /** tr H of each tap's own block. */
  traces(part?: CurvaturePart): Float64Array;
  /** With `differentiate`, for `pullBack` too. */
  squares(route: Route, differentiate?: boolean, part?: CurvaturePart): BlockSquares;
  /** ‖H − mI‖_F² over H's blocks, for which nothing cancels. With `differentiate`, for `pullBack` too, where m is fixed. */
  squaredDeviation(mean: number, differentiate?: boolean): number;
  /** Σ_ij ω_i ω_j ⟨H_i, H_j⟩ with pairs scaled; an estimate of tr H² that may be negative. */
  scaledSquare(scales: PairScales, differentiate?: boolean): number;
  /** ⟨A, B⟩ of two parts of H. */
  inner(route: Route, a: CurvaturePart, b: CurvaturePart): number;
  /** tr H², whose adjoints and pairs are shown to visitors, and not kept for `pullBack`. */
  adjoints(route: Route, visitors: Visitors): BlockSquares;
  /** As `adjoints`, of ‖H − mI‖_F²: by blocks, so that there are no pairs. */
  adjointsAbout(mean: number, visit: FactorVisitor): BlockSquares;
  /** Shows the factors of all samples. */
  eachChunk(visit: FactorVisitor, part?: CurvaturePart): void;
  /** Those of a chunk, by its first sample. */
  factorsFrom(from: number, part: CurvaturePart): FactorSet;
  /** Another with the same chunks, in memory of its own, that differentiates nothing. */
  beside(): Contraction;
  /** t_i = tr H_i of all samples, N × L: of each tap's own block. */
  sampleTraces(part?: CurvaturePart): Float64Array;
  /**
   * Overwrites `out` (n) with byTrace·∇tr H + bySquare·∇tr H², the latter of what `squares`, `scaledSquare` or
   * `squaredDeviation` summed: for bySquare ≠ 0 it must have differentiated right before.
   */
  pullBack(slopes: BoundSlopes, out: Float64Array): void;
}

/**
 * @param budget numbers that factors and adjoints may take; default 2²⁵, 256 MB
 * @param samples of a chunk at most; default: as many as these make room for
 */
export function createContraction(
  source: FactorSource,
  differentiable: boolean,
  budget?: number,
  samples?: number,
): Contraction {
  const { taps, weights, size } = source;
  const count = weights.length;
  const chunks = createChunks(source, differentiable, budget, samples);
  const several = chunks.count > 1;
  const everyChunk = Array.from({ length: chunks.count }, (_, chunk) => chunk);
  const blocks = blocksOf(taps);
  const weight = weights.reduce((sum, each) => sum + each, 0);
  /** ∇ of the squares, where adjoints do not stay until it is asked for. */
  const gradient = scratch(several && differentiable ? size : 0);
  const byTraces = scratch(differentiable ? count : 0);
  const derivative = scratch(differentiable ? size : 0);

  const planOf = createPlans(source, chunks.size);
  const sums = createSquareSums(blocks, chunks);

  const toGradient: FactorVisitor = (factors) => factors.pullBack(gradient);

  const clear = () => {
    gradient.fill(0);
    for (const set of chunks.sets()) clearAdjoints(set);
  };

  /** @param shift of H's diagonal, by the route "blocks" alone */
  const squaresBy = (route: Route, how: Summation, shift = 0): BlockSquares => {
    const plan = planOf({
      route,
      differentiate: how.take !== undefined,
      shown: how.visit !== undefined,
      residual: how.part !== "gauss-newton",
    });
    if (how.take) clear();
    const { squares, self } = sums.ofPairs(plan, how);
    sums.addFormed(plan, squares, how, shift);
    const total = Math.max(totalOf(blocks, squares), 0);
    return { squares, total, cancellation: self > 0 ? (weight * self) / total : 0 };
  };

  /** The route, but blocks where pairs would cancel. */
  const careful = (route: Route, squaresOf: (by: Route) => BlockSquares): BlockSquares => {
    const squares = squaresOf(route);
    if (route !== "auto" || !(squares.cancellation > CANCELLATION)) return squares;
    return { ...squaresOf("blocks"), cancellation: squares.cancellation };
  };

  /** `take` is shown the adjoints where they stay, too. */
  const shownSquares = (route: Route, how: Summation & { readonly take: FactorVisitor }, shift = 0) => {
    const squares = squaresBy(route, how, shift);
    if (!several) how.take(chunks.load(0, 0, "hessian"), 0);
    return squares;
  };

  const eachChunk = (visit: FactorVisitor, part: CurvaturePart = "hessian") => {
    for (const chunk of everyChunk) visit(chunks.load(chunk, 0, part), chunks.startOf(chunk));
  };

  const tracesOfSamples = scratch(count * taps.length);
  const tracesOfTaps = scratch(taps.length);
  const fillTraces = (out: Float64Array, part?: CurvaturePart) => {
    eachChunk((factors, from) => addTraces(factors, out, from), part);
    return out;
  };

  const addUp = (traces: Float64Array, part?: CurvaturePart) => {
    const bySample = fillTraces(tracesOfSamples.fill(0), part);
    for (let i = 0, at = 0; i < count; i++)
      for (let l = 0; l < taps.length; l++, at++) traces[l] += weights[i] * bySample[at];
    return traces;
  };

  return {
    size,
    renew: () => chunks.renew(),
    traces: (part) => addUp(new Float64Array(taps.length), part),
    trace(part) {
      const traces = addUp(tracesOfTaps.fill(0), part);
      let trace = 0;
      for (let l = 0; l < traces.length; l++) trace += traces[l];
      return trace;
    },
    squares: (route, differentiate = false, part = "hessian") =>
      careful(route, (by) => squaresBy(by, { part, take: differentiate ? toGradient : undefined })),
    squaredDeviation: (mean, differentiate = false) =>
      squaresBy("blocks", { take: differentiate ? toGradient : undefined }, mean).total,
    scaledSquare(scales, differentiate = false) {
      if (differentiate) clear();
      const take = differentiate ? toGradient : undefined;
      const plan = planOf({ route: "gram", differentiate });
      return totalOf(blocks, sums.ofPairs(plan, { take, scales }).squares);
    },
    inner: (route, a, b) => totalOf(blocks, sums.inner(planOf({ route, differentiate: false }), a, b)),
    sampleTraces: (part) => fillTraces(new Float64Array(count * taps.length), part),
    adjoints(route, { factors, pairs, byInputs }) {
      return shownSquares(route, { take: factors, visit: pairs, byInputs });
    },
    adjointsAbout: (mean, visit) => shownSquares("blocks", { take: visit }, mean),
    eachChunk,
    factorsFrom: (from, part) => chunks.load(from / chunks.size, 0, part),
    beside: () => createContraction(source, false, budget, chunks.size),
    pullBack({ byTrace, bySquare, bySample }, out) {
      // All is linear: where adjoints of tr H² have stayed, the gradient is scaled in their place, unless that could overflow.
      const ratio = Math.abs(byTrace / bySquare);
      const unit = !several && ratio < LARGEST_UNIT && ratio > 1 / LARGEST_UNIT ? bySquare : 1;
      derivative.fill(0);
      if (several) addScaled(derivative, bySquare, gradient);
      byTraces.fill(byTrace / unit);
      if (bySample) addScaled(byTraces, 1 / unit, bySample);
      for (const chunk of everyChunk) {
        const factors = chunks.load(chunk, 0, "hessian");
        if (several || bySquare === 0) clearAdjoints(factors);
        else if (unit === 1) for (const adjoint of factors.adjoints) scale(adjoint, bySquare);
        pullBackTraces(factors, byTraces, chunks.startOf(chunk));
        factors.pullBack(derivative);
      }
      for (let i = 0; i < size; i++) out[i] = unit * derivative[i];
    },
  };
}

function totalOf(blocks: readonly Block[], squares: Float64Array): number {
  return blocks.reduce((sum, block) => sum + timesInH(block) * squares[blockAt(block)], 0);
}
