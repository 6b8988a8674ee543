import { add, dot, sub, type Value } from "../../autodiff/index.js";
import { vjpWithAuxiliary } from "../../autodiff/transforms.js";
import { tangentsOf } from "../../autodiff/vmap.js";
import { addScaled } from "../../tensor/elementwise.js";
import { rowMajor, type Tensor, zeros } from "../../tensor/view.js";
import type { PreparedBatch } from "../batch.js";
import type { Tap, TapDerivation, TapDerivatives, TapPlace, TappedNetwork } from "../taps.js";
import { logitsInPieces, type Model, parametersOf, samplesOf } from "./model.js";
import { sampleResiduals } from "./traced-loss.js";

/**
 * A model as its taps, the dense layers; null where a parameter enters by another way than through one, or a layer has
 * kinks. Nothing is dropped.
 * @param endsInTap whether its last layer is dense
 */
export function tappedOf(model: Model, endsInTap: boolean): TappedNetwork | null {
  const { inputs, outputs, loss, size, layout, chain, counts } = model;
  if (counts.kinks > 0 || chain.parameters.some(({ tap }) => tap === undefined)) return null;
  const taps = tapsOf(model);
  return {
    inputs,
    outputs,
    loss,
    size,
    layout,
    taps,
    endsInTap,
    logits: (theta, x) => logitsInPieces(model, theta, x).data,
    derivativesOn: (batch) => tapDerivation(model, taps, batch),
  };
}

function tapsOf({ chain, layout }: Model): Tap[] {
  const taps: Tap[] = [];
  chain.parameters.forEach(({ role, shape }, i) => {
    const { offset } = layout[i];
    if (role === "weight")
      taps.push({ units: shape[0], inputs: shape[1], bias: false, weights: offset, biases: -1 });
    // A layer's biases follow its weights.
    else taps.push({ ...(taps.pop() as Tap), bias: true, biases: offset });
  });
  return taps;
}

/** As `TapDerivatives`, in values. */
interface TapValues {
  readonly input: Value;
  readonly delta: Value;
  readonly curvature: readonly (Value | null)[];
  readonly slopes: readonly (Value | null)[];
}

/**
 * For tap l, all h_l perturbations of its output are tangents of one pass through the gradient by the outputs of the taps
 * from l on: the gradient's tangents are the second derivatives, those of the taps' inputs their slopes.
 */
function tapDerivation(model: Model, taps: readonly Tap[], batch: PreparedBatch): TapDerivation {
  const shifts = new Map<number, Tensor>();
  const shiftsOf = ({ l, count }: TapPlace): Tensor => {
    const known = shifts.get(l);
    const all = known?.shape[1] === count ? known : everyUnit(taps[l].units, count);
    shifts.set(l, all);
    return all;
  };
  const values = (place: TapPlace, parameters: readonly Value[]) =>
    tapValues(model, taps, batch, place, parameters, shiftsOf(place));
  return {
    by: (place, theta) => memoryOf(values(place, parametersOf(model, theta))),
    pullBack(place, theta, adjoints, out) {
      const parameters = parametersOf(model, theta);
      const { value, pullback } = vjpWithAuxiliary(
        (at) => ({ result: paired(adjoints, values(place, at)), auxiliary: [] }),
        parameters,
      );
      const shares = pullback(rowMajor(Float64Array.of(1), value.shape)) as readonly Tensor[];
      model.layout.forEach(({ offset }, i) => {
        const { data } = shares[i];
        addScaled(out.subarray(offset, offset + data.length), 1, data);
      });
    },
  };
}

function tapValues(
  model: Model,
  taps: readonly Tap[],
  { inputs: x, targets }: PreparedBatch,
  { l, from, count, part }: TapPlace,
  parameters: readonly Value[],
  allShifts: Tensor,
): TapValues {
  const { outputs, loss } = model;
  const run = (shifts: readonly Value[]) =>
    runShifted(model, parameters, samplesOf(model, x, from, from + count), l, shifts);
  const residuals = sampleResiduals(loss, targets.subarray(from * outputs, (from + count) * outputs));
  /** What is pulled back from the logits: r; for R a constant, for G what r changes by. */
  const seed = (logits: Value): Value => {
    if (part === "hessian") return residuals(logits);
    const constant = residuals(run([]).logits);
    return part === "residual" ? constant : sub(residuals(logits), constant);
  };
  const others = taps.slice(l + 1).map(({ units }) => zeros([count, units]));
  const { values, tangents } = tangentsOf(
    ([shift]) => {
      const { value, auxiliary, pullback } = vjpWithAuxiliary(
        (own) => {
          const { logits, inputs } = run(own);
          return { result: logits, auxiliary: inputs };
        },
        [shift, ...others],
      );
      return [...pullback(seed(value)), ...auxiliary];
    },
    [zeros([count, taps[l].units])],
    [allShifts],
  );
  const later = taps.length - l;
  return {
    delta: values[0],
    input: values[later],
    curvature: tangents.slice(0, later),
    slopes: tangents.slice(later + 1),
  };
}

/** The logits where shifts are added to what taps l, l + 1, … give, and the inputs of these taps. */
function runShifted(
  { chain }: Model,
  parameters: readonly Value[],
  samples: Tensor,
  l: number,
  shifts: readonly Value[],
): { readonly logits: Value; readonly inputs: readonly Value[] } {
  const inputs: Value[] = [];
  const logits = chain.apply(samples, parameters, {
    firstSample: 0,
    tap(tap, input, output) {
      if (tap >= l) inputs[tap - l] = input;
      const shift = shifts[tap - l];
      return shift === undefined ? output : add(output, shift);
    },
  });
  return { logits, inputs };
}

/** For every unit, a shift of it by 1 in all samples: (h, N, h). */
function everyUnit(units: number, count: number): Tensor {
  const shifts = zeros([units, count, units]);
  for (let q = 0; q < units; q++)
    for (let i = 0; i < count; i++) shifts.data[(q * count + i) * units + q] = 1;
  return shifts;
}

function memoryOf({ input, delta, curvature, slopes }: TapValues): TapDerivatives {
  const data = (value: Value | null) => value && (value as Tensor).data;
  return {
    input: data(input),
    delta: data(delta),
    curvature: curvature.map(data),
    slopes: slopes.map(data),
  };
}

/** Σ ⟨adjoint, value⟩. */
function paired(adjoints: TapDerivatives, { input, delta, curvature, slopes }: TapValues): Value {
  const pairs: (readonly [Float64Array | null, Value | null])[] = [
    [adjoints.input, input],
    [adjoints.delta, delta],
    ...curvature.map((value, k) => [adjoints.curvature[k], value] as const),
    ...slopes.map((value, k) => [adjoints.slopes[k], value] as const),
  ];
  return pairs.reduce(
    (total: Value, [bars, value]) =>
      bars && value ? add(total, dot(rowMajor(bars, value.shape), value)) : total,
    rowMajor(new Float64Array(1), []),
  );
}
