import { inFunction, requireFinite, requireNumber } from "../errors.js";
import { requireOptions } from "../options.js";
import { norm } from "../tensor/reduce.js";
import { type CommonOptions, checkCommon, commonOptions, type Optimizer, withDecay } from "./optimizer.js";
import type { OwnedState } from "./state.js";

export interface AdamOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the second moment, > 0. Default 1e-8. */
  readonly epsilon?: number | undefined;
}

/** The state of `adam` and `adamw`: the running means of the gradient and of its square. */
export interface AdamState extends OwnedState {
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** t, the steps taken. */
  readonly steps: number;
}

/**
 * Adam (Kingma & Ba 2015) with bias correction, in PyTorch's conventions: weight decay is added to the gradient.
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { adam, minimize, objectiveOf } from "flatward";
 * // The first step is as long as the learning rate, however steep the slope.
 * const end = (slope) => {
 *   const line = objectiveOf(1, ([x]) => ({ value: slope * x, gradient: Float64Array.of(slope) }));
 *   return minimize(line, Float64Array.of(1), adam({ learningRate: 0.1 }), { steps: 1 }).theta[0];
 * };
 * console.log(end(0.01).toFixed(4), end(100).toFixed(4)); // → 0.9000 0.9000
 */
export function adam(options: AdamOptions): Optimizer<AdamState> {
  return adaptive("adam", options, false);
}

/**
 * AdamW (Loshchilov & Hutter 2019), in PyTorch's conventions: theta shrinks by 1 − α·weightDecay before each step, and
 * the moments do not see the decay. weightDecay defaults to 0 here, as everywhere in this package (0.01 in PyTorch).
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { adam, adamw, objectiveOf } from "flatward";
 * // Without a slope there is the decay alone: to 1 − 0.1 · 0.5. Adam takes it for a slope.
 * const flat = objectiveOf(1, () => ({ value: 0, gradient: Float64Array.of(0) }));
 * const options = { learningRate: 0.1, weightDecay: 0.5 };
 * const step = (optimizer) => optimizer.step(flat, Float64Array.of(1), optimizer.initialState(1)).theta;
 * console.log(step(adamw(options))[0].toFixed(4), step(adam(options))[0].toFixed(4)); // → 0.9500 0.9000
 */
export function adamw(options: AdamOptions): Optimizer<AdamState> {
  return adaptive("adamw", options, true);
}

function adaptive(name: string, options: AdamOptions, decoupled: boolean): Optimizer<AdamState> {
  return inFunction(name, () => {
    requireOptions(options, [...commonOptions, "beta1", "beta2", "epsilon"], "at least { learningRate }");
    const { learningRate, weightDecay } = checkCommon(options);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
    requireNumber("beta1", beta1, { atLeast: 0, below: 1 });
    requireNumber("beta2", beta2, { atLeast: 0, below: 1 });
    requireNumber("epsilon", epsilon, { above: 0 });
    const shrink = decoupled ? 1 - learningRate * weightDecay : 1;

    return {
      name,
      hyperparameters: { learningRate, weightDecay, beta1, beta2, epsilon },
      initialState: (size) => ({
        optimizer: name,
        first: new Float64Array(size),
        second: new Float64Array(size),
        steps: 0,
      }),
      step(objective, theta, state) {
        const { value, gradient } = objective.valueAndGradient(theta);
        const followed = decoupled ? gradient : withDecay(gradient, weightDecay, theta);
        const steps = state.steps + 1;
        const stepSize = learningRate / oneMinusPower(beta1, steps);
        const rootCorrection = Math.sqrt(oneMinusPower(beta2, steps));
        const first = state.first.slice();
        const second = state.second.slice();
        const next = new Float64Array(theta.length);
        for (let i = 0; i < next.length; i++) {
          const g = followed[i];
          first[i] += (1 - beta1) * (g - first[i]);
          second[i] = beta2 * second[i] + (1 - beta2) * g * g;
          next[i] =
            shrink * theta[i] - (stepSize * first[i]) / (Math.sqrt(second[i]) / rootCorrection + epsilon);
        }
        // Where it overflows nothing would move any more.
        inFunction(name, () => requireFinite("the second moment", second));
        return {
          theta: next,
          state: { optimizer: name, first, second, steps },
          value,
          gradientNorm: norm(followed),
        };
      },
    };
  });
}

/**
 * 1 − βᵗ for 0 ≤ β < 1 and an integer t ≥ 0, to a few units in the last place also where βᵗ is nearly 1: with c = 1 − βᵗ
 * doubling t makes c(2 − c) of it, one step more c + (1 − c)(1 − β), and neither cancels. Arithmetic alone, so the same
 * bits everywhere.
 */
export function oneMinusPower(beta: number, t: number): number {
  let bit = 1;
  while (2 * bit <= t) bit *= 2;
  let complement = 0;
  for (; bit >= 1; bit /= 2) {
    complement *= 2 - complement;
    if (Math.floor(t / bit) % 2 === 1) complement += (1 - complement) * (1 - beta);
  }
  return complement;
}
