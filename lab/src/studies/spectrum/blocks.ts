import { type LinearOperator, parameterRange, type SpectralMoments } from "flatward";
import { hessianBlockOperator } from "flatward/hessian";
import { layerMoments } from "flatward/hsr";
import type { IterationStatus } from "flatward/linalg";
import { extremesOf, type LanczosValue } from "./extremes.js";
import type { SpectrumInput } from "./input.js";

/** A principal block of H: of one parameter tensor, or of one layer. */
export interface HessianBlockSpectrum extends SpectralMoments {
  /** As `parameterRange` takes it. */
  readonly name: string;
  /** Its share of ‖H‖_F². */
  readonly frobeniusShare: number;
  readonly largest: LanczosValue;
  readonly smallest: LanczosValue;
  readonly status: IterationStatus;
}

/**
 * Every block of H, from closed forms and products; none is formed.
 * @param total ‖H‖_F²
 */
export function blocksOf(
  { net, theta, train }: SpectrumInput,
  total: number,
  seed: number,
): HessianBlockSpectrum[] {
  const layers = layerMoments(net, theta, train);
  const operator = (name: string): LinearOperator => hessianBlockOperator(net, theta, train, name);
  const block = (name: string, moments: SpectralMoments): HessianBlockSpectrum => {
    const { largest, smallest, status } = extremesOf(operator(name), 1, seed);
    const frobeniusShare = total > 0 ? moments.frobeniusSquared / total : 0;
    return { name, ...moments, frobeniusShare, largest: largest[0], smallest: smallest[0], status };
  };
  return namesOf(net).flatMap(({ layer, weights, biases }, l) => {
    const whole = layers[`layer${l + 1}`];
    const named = block(layer, whole);
    if (biases === undefined) return [{ ...named, name: weights }, named];
    const { from, to } = parameterRange(net, biases);
    const parts = tensorsOf(whole, operator(layer), to - from);
    return [block(weights, parts.weights), block(biases, parts.biases), named];
  });
}

/** What every dense layer and its tensors are called: "layer1", "W1" and "b1", or "0", "0.weight" and "0.bias". */
function namesOf({ closedForm, tapped, layout }: SpectrumInput["net"]) {
  const nameAt = (place: number) => layout.find(({ offset }) => offset === place)?.name;
  return (closedForm?.layers ?? tapped?.taps ?? []).map((each) => {
    const weights = nameAt(each.weights) as string;
    const layer = weights.replace(/^W/, "layer").replace(/\.weight$/, "");
    return { layer, weights, biases: nameAt(each.biases) };
  });
}

/** A layer's moments by tensors: the biases' columns are products with unit vectors, and the weights have the rest. */
function tensorsOf(
  whole: SpectralMoments,
  layer: LinearOperator,
  biases: number,
): { weights: SpectralMoments; biases: SpectralMoments } {
  const first = whole.size - biases;
  const unit = new Float64Array(whole.size);
  const column = new Float64Array(whole.size);
  let trace = 0;
  let own = 0;
  let mixed = 0;
  for (let j = first; j < whole.size; j++) {
    unit.fill(0);
    unit[j] = 1;
    layer.apply(unit, column);
    trace += column[j];
    for (let i = 0; i < whole.size; i++) {
      if (i < first) mixed += column[i] * column[i];
      else own += column[i] * column[i];
    }
  }
  return {
    weights: {
      size: first,
      trace: whole.trace - trace,
      // What remains may be rounding.
      frobeniusSquared: Math.max(whole.frobeniusSquared - own - 2 * mixed, 0),
    },
    biases: { size: biases, trace, frobeniusSquared: own },
  };
}
