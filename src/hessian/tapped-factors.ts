import type { PreparedBatch } from "../nn/batch.js";
import type { CurvaturePart } from "../nn/dense/tangents.js";
import type { Tap, TapDerivatives, TapPlace, TappedNetwork } from "../nn/taps.js";
import {
  everyAdjoint,
  type FactorSet,
  type FactorSource,
  type Factors,
  type SampleVectors,
  type Slopes,
  sampleMatrices,
  sampleRows,
  symmetricMatrices,
  widthOf,
} from "./factors.js";

/** A network of taps on a batch at one theta. */
export interface TappedPoint {
  readonly net: TappedNetwork;
  readonly theta: Float64Array;
  readonly batch: PreparedBatch;
}

/** The factors of any network of taps, as the network differentiates itself. */
export function tappedSource(point: TappedPoint): FactorSource {
  return {
    taps: point.net.taps,
    size: point.net.size,
    weights: point.batch.weights,
    isDiagonal: () => false,
    create: (count, differentiate) => createTappedFactors(point, count, differentiate),
  };
}

/** @param point is read anew whenever the factors are filled */
function createTappedFactors(point: TappedPoint, count: number, differentiate: boolean): FactorSet {
  const { taps } = point.net;
  const derivation = point.net.derivativesOn(point.batch);
  const factors = createFactors(taps, count, differentiate);
  const adjoints = everyAdjoint(factors);
  let filled: Omit<TapPlace, "l"> = { from: 0, count, part: "hessian" };
  return Object.assign(factors, {
    fill(from: number, part: CurvaturePart = "hessian") {
      filled = { from, count, part };
      factors.weights = point.batch.weights.subarray(from, from + count);
      for (let l = 0; l < taps.length; l++) keep(factors, l, derivation.by({ ...filled, l }, point.theta));
    },
    adjoints,
    pullBack(out: Float64Array) {
      for (let l = 0; l < taps.length; l++)
        derivation.pullBack({ ...filled, l }, point.theta, adjointsOf(factors, l), out);
      for (const adjoint of adjoints) adjoint.fill(0);
    },
  });
}

function createFactors(
  taps: readonly Tap[],
  count: number,
  differentiate: boolean,
): Factors & { weights: Float64Array } {
  const bars = (length: number) => new Float64Array(differentiate ? length : 0);
  const vectors = (width: number, adjoint: Float64Array, value = 0) =>
    sampleRows(new Float64Array(count * width).fill(value), width, adjoint);
  return {
    taps,
    count,
    weights: new Float64Array(count),
    // A row ends in a 1 where the tap has biases.
    rows: taps.map((tap, l) => vectors(widthOf(tap), bars(l === 0 ? 0 : count * widthOf(tap)), 1)),
    deltas: taps.map(({ units }) => vectors(units, bars(count * units))),
    curvature: taps.map(({ units }, m) =>
      taps
        .slice(0, m + 1)
        .map((below, l) =>
          l === m
            ? symmetricMatrices(count, units, differentiate)
            : sampleMatrices(count, units, below.units, differentiate),
        ),
    ),
    slopes: taps.map(({ inputs }, m) =>
      taps.slice(0, m).map(
        ({ units }): Slopes => ({
          ...sampleMatrices(count, inputs, units, differentiate),
          diagonal: false,
        }),
      ),
    ),
  };
}

/** Copies what tap l contributes: whoever reads the factors may have kept hold of their memory. */
function keep(factors: Factors, l: number, { input, delta, curvature, slopes }: TapDerivatives): void {
  const put = ({ data }: SampleVectors, value: Float64Array | null) => {
    if (value) data.set(value);
    else data.fill(0);
  };
  put(factors.deltas[l], delta);
  curvature.forEach((value, k) => {
    put(factors.curvature[l + k][l], value);
  });
  slopes.forEach((value, k) => {
    put(factors.slopes[l + 1 + k][l], value);
  });
  if (input === null) return;
  const { inputs } = factors.taps[l];
  const { data, step } = factors.rows[l];
  for (let i = 0; i < factors.count; i++) data.set(input.subarray(i * inputs, (i + 1) * inputs), i * step);
}

function adjointsOf({ taps, count, rows, deltas, curvature, slopes }: Factors, l: number): TapDerivatives {
  const { inputs } = taps[l];
  const { adjoint, step } = rows[l];
  const input = adjoint.length > 0 ? new Float64Array(count * inputs) : null;
  for (let i = 0; i < count; i++) input?.set(adjoint.subarray(i * step, i * step + inputs), i * inputs);
  return {
    input,
    delta: deltas[l].adjoint,
    curvature: curvature.slice(l).map((row) => row[l].adjoint),
    slopes: slopes.slice(l + 1).map((row) => row[l].adjoint),
  };
}
