import type { SpectralMoments } from "../../bounds/wolkowicz-styan.js";
import { type BlockSquares, CANCELLATION, type Contraction } from "../contraction/contraction.js";
import type { Route } from "../contraction/route.js";
import type { FactorVisitor, PairVisitor } from "../contraction/square-sums.js";
import { checkMoments } from "../finite-moments.js";
import { areNearlyEqual } from "../moments.js";
import { createGaussNewtonPart, type ExplainedSource } from "./gauss-newton-part.js";
import type { InputSlopes } from "./input-slopes.js";
import { addSquares, addTraces, balance, createParts, type Parts } from "./parts.js";

/** tr H and tr H² in parts. */
interface MeasuredParts {
  readonly moments: SpectralMoments;
  readonly traces: Parts;
  /** tr H_i (N). */
  readonly ownTraces: Float64Array;
  /** Of tr H², or where the moments have a deviation of ‖H − mI‖_F²: ⟨H_i, H − mI⟩. */
  readonly squares: Parts;
  /** What these add up to. */
  readonly total: number;
  /** tr GR. */
  readonly cross: number;
}

/** @param visit is shown all pairs of samples @param inputs takes the derivatives by inputs, with `visit` */
export function measureParts(
  source: ExplainedSource,
  contraction: Contraction,
  route: Route,
  visit: PairVisitor | undefined,
  inputs?: InputSlopes,
): MeasuredParts {
  const ofPart = createGaussNewtonPart(source, contraction, route);
  const traces = createParts(source);
  const ownTraces = new Float64Array(source.weights.length);
  contraction.eachChunk((factors, from) => {
    addTraces(traces, ownTraces, factors, from);
    inputs?.addTraces(factors, from);
  });
  const trace = traces.blocks.reduce((sum, each) => sum + each, 0);
  traces.gaussNewton = ofPart.trace(trace);
  /** Squares by what shows their adjoints. */
  const shown = (show: (factors: FactorVisitor) => BlockSquares) => {
    const parts = createParts(source);
    inputs?.restart();
    const sums = show((factors, from) => {
      const whole = addSquares(parts, factors, from);
      parts.gaussNewton += ofPart.product(factors, from, whole);
      inputs?.addSquares(factors, from);
    });
    return { parts, ...sums };
  };

  const pairs: PairVisitor | undefined =
    visit &&
    ((tile) => {
      visit(tile);
      inputs?.visit(tile);
    });
  let squares = shown((factors) =>
    contraction.adjoints(route, { factors, pairs, byInputs: inputs !== undefined }),
  );
  const { cancellation } = squares;
  if (route === "auto" && cancellation > CANCELLATION)
    squares = shown((factors) => contraction.adjoints("blocks", { factors }));
  let moments: SpectralMoments = {
    size: contraction.size,
    trace,
    frobeniusSquared: squares.total,
    ...(cancellation > CANCELLATION && { cancellation }),
  };
  checkMoments(moments);
  let withWhole = squares.parts.gaussNewton;
  let wholeSquare = squares.total;
  if (areNearlyEqual(moments)) {
    const mean = trace / moments.size;
    squares = shown((factors) => contraction.adjointsAbout(mean, factors));
    moments = { ...moments, deviation: Math.sqrt(squares.total / moments.size) };
    withWhole = squares.parts.gaussNewton + mean * traces.gaussNewton;
    wholeSquare = squares.total + mean * trace;
    balance(squares.parts, traces, squares.total);
  }
  return {
    moments,
    traces,
    ownTraces,
    squares: squares.parts,
    total: squares.total,
    cross: ofPart.cross(withWhole, wholeSquare - withWhole),
  };
}
