import { inFunction, requireFinite, requireFlag, requireNumber } from "../errors.js";
import { requireOptions } from "../options.js";
import { norm } from "../tensor/reduce.js";
import { momentumDirection } from "./momentum.js";
import type { Optimizer } from "./optimizer.js";
import type { OwnedState } from "./state.js";
import { checkDecay, type DecayOptions, decayOptions, moved, withCoupledDecay } from "./weight-decay.js";

export interface RmspropOptions extends DecayOptions {
  /** Decay of the mean square, in [0, 1); PyTorch's `alpha`. Default 0.99. */
  readonly smoothing?: number | undefined;
  /** Added to the root of the mean square, > 0. Default 1e-8. */
  readonly epsilon?: number | undefined;
  /** β in [0, 1), of the scaled gradients. Default 0. */
  readonly momentum?: number | undefined;
  /** Whether the root is that of the variance, the mean gradient's square taken off. Default false. */
  readonly centered?: boolean | undefined;
}

/** The state of `rmsprop`: the running mean of the squared gradient, and what its options add. */
export interface RmspropState extends OwnedState {
  readonly square: Float64Array;
  /** The mean gradient, or null where it is not asked for. */
  readonly mean: Float64Array | null;
  /** The velocity, or null before the first step and without momentum. */
  readonly velocity: Float64Array | null;
}

/**
 * RMSProp (Tieleman & Hinton 2012; centred: Graves 2013) in PyTorch's conventions: q ← a·q + (1 − a)g², v ← βv + g/(√q +
 * ε), θ ← θ − αv; no bias correction, and ε outside the root. Where rounding makes a variance negative it is taken as 0,
 * where PyTorch has NaN. One gradient a step.
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { minimize, objectiveOf, rmsprop } from "flatward";
 * // Without bias correction the first step is 1/√(1 − a) times the learning rate.
 * const bowl = objectiveOf(1, ([x]) => ({ value: x ** 2 / 2, gradient: Float64Array.of(x) }));
 * const optimizer = rmsprop({ learningRate: 0.01, smoothing: 0.99 });
 * const { theta } = minimize(bowl, Float64Array.of(5), optimizer, { steps: 1 });
 * console.log(theta[0].toFixed(6)); // → 4.900000
 */
export function rmsprop(options: RmspropOptions): Optimizer<RmspropState> {
  return inFunction("rmsprop", () => {
    requireOptions(
      options,
      [...decayOptions, "smoothing", "epsilon", "momentum", "centered"],
      "at least { learningRate }",
    );
    const decay = checkDecay(options);
    const { smoothing = 0.99, epsilon = 1e-8, momentum = 0, centered = false } = options;
    requireNumber("smoothing", smoothing, { atLeast: 0, below: 1 });
    requireNumber("epsilon", epsilon, { above: 0 });
    requireNumber("momentum", momentum, { atLeast: 0, below: 1 });
    requireFlag("centered", centered);
    const rule = { momentum, dampening: 0, nesterov: false };

    return {
      name: "rmsprop",
      hyperparameters: { ...decay, smoothing, epsilon, momentum, centered },
      initialState: (size) => ({
        optimizer: "rmsprop",
        square: new Float64Array(size),
        mean: centered ? new Float64Array(size) : null,
        velocity: null,
      }),
      step(objective, theta, state) {
        const { value, gradient } = objective.valueAndGradient(theta);
        const descended = withCoupledDecay(gradient, decay, theta);
        const square = state.square.slice();
        const mean = state.mean === null ? null : state.mean.slice();
        const scaled = new Float64Array(square.length);
        for (let i = 0; i < scaled.length; i++) {
          const g = descended[i];
          square[i] = smoothing * square[i] + (1 - smoothing) * g * g;
          if (mean !== null) mean[i] = smoothing * mean[i] + (1 - smoothing) * g;
          const spread = mean === null ? square[i] : Math.max(0, square[i] - mean[i] * mean[i]);
          scaled[i] = g / (Math.sqrt(spread) + epsilon);
        }
        inFunction("rmsprop", () => requireFinite("the mean square", square));
        const { direction, velocity } = momentumDirection(scaled, state.velocity, rule);
        return {
          theta: moved(theta, decay, direction),
          state: { optimizer: "rmsprop", square, mean, velocity },
          value,
          gradientNorm: norm(descended),
        };
      },
    };
  });
}
