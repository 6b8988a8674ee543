import { inFunction } from "../errors.js";
import { norm } from "../tensor/reduce.js";
import { carriedOn, checkIterates, type IterateOptions, type IterateState } from "./iterates.js";
import type { Optimizer } from "./optimizer.js";
import { followed, moved } from "./weight-decay.js";

/**
 * Nesterov's accelerated gradient (1983) with constant momentum: x ← y − α∇f(y), y ← x + β(x − x₋), x₋ the x before, and
 * x₋ = y at the first step. One gradient a step.
 *
 * theta is y, the extrapolated point, where the gradient is taken: so value and gradient belong to theta, as with every
 * optimizer, at no further cost. x is in the state, as `previous`; where the run converges the two agree. With a
 * constant learning rate and no decoupled decay these are the iterates of `sgd({ momentum, nesterov: true })`, but for
 * rounding (Sutskever et al. 2013 show why).
 * @throws ArgumentError for hyperparameters out of range
 */
export function nesterov(options: IterateOptions): Optimizer<IterateState> {
  return inFunction("nesterov", () => {
    const settings = checkIterates(options);
    return {
      name: "nesterov",
      hyperparameters: settings,
      initialState: () => ({ optimizer: "nesterov", previous: null }),
      step(objective, theta, { previous }) {
        const { value, gradient } = objective.valueAndGradient(theta);
        const descended = followed(gradient, settings, theta);
        const iterate = moved(theta, settings, descended);
        return {
          theta: carriedOn(iterate, settings.momentum, iterate, previous ?? theta),
          state: { optimizer: "nesterov", previous: iterate },
          value,
          gradientNorm: norm(descended),
        };
      },
    };
  });
}
