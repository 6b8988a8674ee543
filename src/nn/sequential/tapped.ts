import { add, type Value } from "../../autodiff/index.js";
import { type Tensor, zeros } from "../../tensor/view.js";
import type { DenseLayer } from "../dense/architecture.js";
import type { NetworkShape } from "../layout.js";
import { type Model, parametersOf, samplesOf } from "./model.js";

/** A dense layer through which its parameters enter the loss, and by no other way. */
type Tap = Omit<DenseLayer, "activation">;

/**
 * A network all of whose parameters enter through taps, with smooth functions of single samples between them. A tap's
 * input depends on those before it at most.
 */
export interface TappedNetwork extends NetworkShape {
  readonly taps: readonly Tap[];
  /** The parameter tensors, as views of theta, in the order of the layout. */
  parametersOf(theta: Float64Array): readonly Tensor[];
  /**
   * The network on samples `from` … `to` − 1 of x (N × d), where shifts, one a tap, are added to what the taps give.
   * @param parameters those of `parametersOf`, or values like them @param shifts (to − from, units) each, or none
   */
  run(
    parameters: readonly Value[],
    x: Tensor,
    range: readonly [from: number, to: number],
    shifts: readonly (Value | undefined)[],
  ): TappedPass;
}

export interface TappedPass {
  /** What each tap takes, (N, inputs). */
  readonly inputs: readonly Value[];
  /** (N, K). */
  readonly logits: Value;
}

/**
 * A model as its taps; null where a parameter enters by another way than through a dense layer, or a layer has kinks.
 * Nothing is dropped.
 */
export function tappedOf(model: Model): TappedNetwork | null {
  const { inputs, outputs, loss, size, layout, chain, counts } = model;
  if (counts.kinks > 0 || chain.parameters.some(({ tap }) => tap === undefined)) return null;
  const taps: Tap[] = [];
  chain.parameters.forEach(({ role, shape }, i) => {
    const { offset } = layout[i];
    // A layer's bias follows its weights.
    const weights = taps[taps.length - 1];
    if (role === "weight")
      taps.push({ units: shape[0], inputs: shape[1], bias: false, weights: offset, biases: -1 });
    else taps[taps.length - 1] = { ...weights, bias: true, biases: offset };
  });
  return {
    inputs,
    outputs,
    loss,
    size,
    layout,
    taps,
    parametersOf: (theta) => parametersOf(model, theta),
    run(parameters, x, [from, to], shifts) {
      const seen: Value[] = taps.map(() => zeros([0]));
      const logits = chain.apply(samplesOf(model, x, from, to), parameters, {
        firstSample: from,
        tap(tap, input, output) {
          seen[tap] = input;
          const shift = shifts[tap];
          return shift === undefined ? output : add(output, shift);
        },
      });
      return { inputs: seen, logits };
    },
  };
}
