import { add, dot, sub, type Value } from "../autodiff/index.js";
import { vjpWithAuxiliary } from "../autodiff/transforms.js";
import { tangentsOf } from "../autodiff/vmap.js";
import type { PreparedBatch } from "../nn/batch.js";
import type { CurvaturePart } from "../nn/dense/tangents.js";
import type { TappedNetwork } from "../nn/sequential/tapped.js";
import { sampleResiduals } from "../nn/sequential/traced-loss.js";
import { addScaled } from "../tensor/elementwise.js";
import { rowMajor, type Tensor, zeros } from "../tensor/view.js";
import {
  type FactorSet,
  type FactorSource,
  type Factors,
  type SampleVectors,
  type Slopes,
  sampleMatrices,
  sampleRows,
  symmetricMatrices,
  type Tap,
  widthOf,
} from "./factors.js";

/** A network of taps on a batch at one theta. */
export interface TappedPoint {
  readonly net: TappedNetwork;
  readonly theta: Float64Array;
  readonly batch: PreparedBatch;
}

/**
 * The factors of any network of taps, by automatic differentiation. For tap l, all h_l perturbations of its output are
 * tangents of one pass through the gradient by the outputs of the taps from l on: X is the gradient's tangent, E that of
 * the taps' inputs, both in the places that `Factors` has for them.
 */
export function tappedSource(point: TappedPoint): FactorSource {
  return {
    taps: point.net.taps,
    size: point.net.size,
    weights: point.batch.weights,
    isDiagonal: () => false,
    create: (count, differentiate) => createTappedFactors(point, count, differentiate),
  };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** @param point is read anew whenever the factors are filled */
function createTappedFactors(point: TappedPoint, count: number, differentiate: boolean): FactorSet {
  const { taps } = point.net;
  const none = new Float64Array(0);
  const room = (length: number) => new Float64Array(differentiate ? length : 0);
  const factors: Factors = {
    taps,
    count,
    weights: none,
    rows: taps.map((tap, l) => rowsOf(tap, count, room(l === 0 ? 0 : count * widthOf(tap)))),
    deltas: taps.map(({ units }) => sampleRows(new Float64Array(count * units), units, room(count * units))),
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
  const adjoints = [
    ...factors.rows,
    ...factors.deltas,
    ...factors.curvature.flat(),
    ...factors.slopes.flat(),
  ].map(({ adjoint }) => adjoint);
  const shifts = taps.map(({ units }) => everyUnit(units, count));
  let start = 0;
  let held: CurvaturePart = "hessian";
  return Object.assign(factors, {
    fill(from: number, part: CurvaturePart = "hessian") {
      start = from;
      held = part;
      (factors as Writable<Factors>).weights = point.batch.weights.subarray(from, from + count);
      const parameters = point.net.parametersOf(point.theta);
      for (let l = 0; l < taps.length; l++)
        keep(factors, l, tapDerivatives(point, parameters, l, from, shifts[l], part));
    },
    adjoints,
    pullBack(out: Float64Array) {
      const parameters = point.net.parametersOf(point.theta);
      for (let l = 0; l < taps.length; l++) {
        const { value, pullback } = vjpWithAuxiliary(
          (values) => ({
            result: paired(factors, l, tapDerivatives(point, values, l, start, shifts[l], held)),
            auxiliary: [],
          }),
          parameters,
        );
        const shares = pullback(rowMajor(Float64Array.of(1), value.shape)) as readonly Tensor[];
        point.net.layout.forEach(({ offset }, i) => {
          const { data } = shares[i];
          addScaled(out.subarray(offset, offset + data.length), 1, data);
        });
      }
      for (const adjoint of adjoints) adjoint.fill(0);
    },
  });
}

/** Rows that end in a 1 where the tap has biases. */
function rowsOf(tap: Tap, count: number, adjoint: Float64Array): SampleVectors {
  const width = widthOf(tap);
  return sampleRows(new Float64Array(count * width).fill(1), width, adjoint);
}

/** What tap l contributes to the factors; lists begin with tap l itself. */
interface TapDerivatives {
  /** aᵐ, (N, inputs), and δᵐ, (N, h_m). */
  readonly inputs: readonly Value[];
  readonly deltas: readonly Value[];
  /** Eᵐˡ, (h_l, N, inputs), and Xᵐˡ, (h_l, N, h_m); null for 0. */
  readonly slopes: readonly (Value | null)[];
  readonly curvature: readonly (Value | null)[];
}

function tapDerivatives(
  { net, batch }: TappedPoint,
  parameters: readonly Value[],
  l: number,
  from: number,
  everyShift: Tensor,
  part: CurvaturePart,
): TapDerivatives {
  const [, count] = everyShift.shape;
  const later = net.taps.slice(l);
  const range = [from, from + count] as const;
  const run = (shifts: readonly (Value | undefined)[]) => net.run(parameters, batch.inputs, range, shifts);
  const { outputs } = net;
  const residuals = sampleResiduals(
    net.loss,
    batch.targets.subarray(from * outputs, (from + count) * outputs),
  );
  /** r as the part has it: a constant for R, only its change for G. */
  const pulled = (logits: Value): Value => {
    if (part === "hessian") return residuals(logits);
    const constant = residuals(run([]).logits);
    return part === "residual" ? constant : sub(residuals(logits), constant);
  };
  const { values, tangents } = tangentsOf(
    ([shift]) => {
      const shifts = [shift, ...later.slice(1).map(({ units }) => zeros([count, units]))];
      const { value, auxiliary, pullback } = vjpWithAuxiliary((own) => {
        const { logits, inputs } = run([...new Array<undefined>(l), ...own]);
        return { result: logits, auxiliary: inputs.slice(l) };
      }, shifts);
      return [...pullback(pulled(value)), ...auxiliary];
    },
    [zeros([count, later[0].units])],
    [everyShift],
  );
  return {
    deltas: values.slice(0, later.length),
    inputs: values.slice(later.length),
    curvature: tangents.slice(0, later.length),
    slopes: tangents.slice(later.length),
  };
}

/** For every unit, a shift of it by 1 in all samples: (h, N, h). */
function everyUnit(units: number, count: number): Tensor {
  const shifts = zeros([units, count, units]);
  for (let q = 0; q < units; q++)
    for (let i = 0; i < count; i++) shifts.data[(q * count + i) * units + q] = 1;
  return shifts;
}

/** Copies them: whoever reads the factors may have kept hold of their memory. */
function keep(factors: Factors, l: number, derivatives: TapDerivatives): void {
  for (const [{ data }, value] of matricesOf(factors, l, derivatives)) {
    if (value) data.set((value as Tensor).data);
    else data.fill(0);
  }
  factors.deltas[l].data.set((derivatives.deltas[0] as Tensor).data);
  const { inputs } = factors.taps[l];
  const { data } = derivatives.inputs[0] as Tensor;
  const { data: rows, step } = factors.rows[l];
  for (let i = 0; i < factors.count; i++) rows.set(data.subarray(i * inputs, (i + 1) * inputs), i * step);
}

/** Σ ⟨adjoint, factor⟩ of what tap l contributes. */
function paired(factors: Factors, l: number, derivatives: TapDerivatives): Value {
  const { inputs } = factors.taps[l];
  const { adjoint, step } = factors.rows[l];
  const pairs: [Float64Array, Value][] = [[factors.deltas[l].adjoint, derivatives.deltas[0]]];
  for (const [{ adjoint: bars }, value] of matricesOf(factors, l, derivatives))
    if (value) pairs.push([bars, value]);
  if (adjoint.length > 0) {
    const own = new Float64Array(factors.count * inputs);
    for (let i = 0; i < factors.count; i++)
      own.set(adjoint.subarray(i * step, i * step + inputs), i * inputs);
    pairs.push([own, derivatives.inputs[0]]);
  }
  return pairs
    .map(([bars, value]) => dot(rowMajor(bars, value.shape), value))
    .reduce((total, term) => add(total, term));
}

/** The matrices that tap l contributes to, with their values. */
function matricesOf(
  { curvature, slopes }: Factors,
  l: number,
  derivatives: TapDerivatives,
): readonly (readonly [SampleVectors, Value | null])[] {
  const later = <Entry>([, ...rest]: readonly Entry[]) => rest;
  return [
    ...derivatives.curvature.map((value, k) => [curvature[l + k][l], value] as const),
    ...later(derivatives.slopes).map((value, k) => [slopes[l + 1 + k][l], value] as const),
  ];
}
