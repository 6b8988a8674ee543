import { inFunction, requireNumber } from "../errors.js";
import { requireOptions } from "../options.js";
import { norm } from "../tensor/reduce.js";
import type { Optimizer } from "./optimizer.js";
import type { OwnedState } from "./state.js";
import { checkDecay, type DecayOptions, decayOptions, moved, withCoupledDecay } from "./weight-decay.js";

/** Options of `heavyBall` and of `nesterov`. */
export interface HeavyBallOptions extends DecayOptions {
  /** β in [0, 1), of the last displacement; 0.9 is usual. */
  readonly momentum: number;
}

/** The point that the momentum is measured from, or null before the first step. */
export interface HeavyBallState extends OwnedState {
  readonly previous: Float64Array | null;
}

/**
 * Polyak's heavy ball (1964): x ← x − α∇f(x) + β(x − x₋), x₋ the iterate before; at the first step x₋ = x. One gradient
 * a step.
 *
 * With a constant learning rate and no decoupled decay these are the iterates of `sgd({ learningRate, momentum })`, but
 * for rounding. They part where the rate changes: sgd multiplies its whole velocity by the new one, the heavy ball keeps
 * the displacement as it was.
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { heavyBall, minimize, objectiveOf, sgd } from "flatward";
 * const bowl = objectiveOf(1, ([x]) => ({ value: x ** 2 / 2, gradient: Float64Array.of(x) }));
 * const options = { learningRate: 0.1, momentum: 0.9 };
 * const end = (optimizer) => minimize(bowl, Float64Array.of(1), optimizer, { steps: 50 }).theta[0];
 * console.log(Math.abs(end(heavyBall(options)) - end(sgd(options))) < 1e-14); // → true
 */
export function heavyBall(options: HeavyBallOptions): Optimizer<HeavyBallState> {
  return displacing("heavyBall", options, (theta, descended, previous, momentum) => ({
    theta: previous === null ? descended : extrapolated(descended, momentum, theta, previous),
    // A copy: the caller's theta may change later.
    previous: theta.slice(),
  }));
}

/**
 * Nesterov's accelerated gradient (1983) with constant momentum: x ← y − α∇f(y), y ← x + β(x − x₋), x₋ the x before, and
 * x₋ = y at the first step. One gradient a step.
 *
 * theta is y, the extrapolated point, where the gradient is taken: so value and gradient belong to theta, as with every
 * optimizer, at no further cost. x is in the state, as `previous`; where the run converges the two agree. With a
 * constant learning rate and no decoupled decay these are the iterates of `sgd({ momentum, nesterov: true })`, but for
 * rounding (Sutskever et al. 2013 show why).
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { heavyBall, minimize, nesterov, objectiveOf } from "flatward";
 * const bowl = objectiveOf(1, ([x]) => ({ value: x ** 2 / 2, gradient: Float64Array.of(x) }));
 * const options = { learningRate: 0.1, momentum: 0.9 };
 * const stop = { steps: 1000, gradientTolerance: 1e-6 };
 * const steps = (optimizer) => minimize(bowl, Float64Array.of(1), optimizer, stop).steps;
 * console.log(steps(nesterov(options)), "against", steps(heavyBall(options))); // → 113 against 210
 */
export function nesterov(options: HeavyBallOptions): Optimizer<HeavyBallState> {
  return displacing("nesterov", options, (theta, descended, previous, momentum) => ({
    theta: extrapolated(descended, momentum, descended, previous ?? theta),
    previous: descended,
  }));
}

/** An optimizer whose momentum is a difference of iterates: `extrapolate` goes on from where the gradient alone leads. */
function displacing(
  name: string,
  options: HeavyBallOptions,
  extrapolate: (
    theta: Float64Array,
    descended: Float64Array,
    previous: Float64Array | null,
    momentum: number,
  ) => { readonly theta: Float64Array; readonly previous: Float64Array },
): Optimizer<HeavyBallState> {
  return inFunction(name, () => {
    requireOptions(options, [...decayOptions, "momentum"], "at least { learningRate, momentum }");
    const decay = checkDecay(options);
    const momentum = requireNumber("momentum", options.momentum, { atLeast: 0, below: 1 });
    return {
      name,
      hyperparameters: { ...decay, momentum },
      initialState: () => ({ optimizer: name, previous: null }),
      step(objective, theta, state) {
        const { value, gradient } = objective.valueAndGradient(theta);
        const direction = withCoupledDecay(gradient, decay, theta);
        const next = extrapolate(theta, moved(theta, decay, direction), state.previous, momentum);
        return {
          theta: next.theta,
          state: { optimizer: name, previous: next.previous },
          value,
          gradientNorm: norm(direction),
        };
      },
    };
  });
}

/** a + β(b − c). */
function extrapolated(a: Float64Array, momentum: number, b: Float64Array, c: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] + momentum * (b[i] - c[i]);
  return out;
}
