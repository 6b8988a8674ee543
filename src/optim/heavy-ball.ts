import { inFunction } from "../errors.js";
import { norm } from "../tensor/reduce.js";
import { carriedOn, checkIterates, type IterateOptions, type IterateState } from "./iterates.js";
import type { Optimizer } from "./optimizer.js";
import { followed, moved } from "./weight-decay.js";

/**
 * Polyak's heavy ball (1964): x ← x − α∇f(x) + β(x − x₋), x₋ the iterate before; at the first step x₋ = x. One gradient
 * a step.
 *
 * With a constant learning rate and no decoupled decay these are the iterates of `sgd({ learningRate, momentum })`, but
 * for rounding. They part where the rate changes: sgd multiplies its whole velocity by the new one, the heavy ball keeps
 * the displacement as it was.
 * @throws ArgumentError for hyperparameters out of range
 */
export function heavyBall(options: IterateOptions): Optimizer<IterateState> {
  return inFunction("heavyBall", () => {
    const settings = checkIterates(options);
    return {
      name: "heavyBall",
      hyperparameters: settings,
      initialState: () => ({ optimizer: "heavyBall", previous: null }),
      step(objective, theta, { previous }) {
        const { value, gradient } = objective.valueAndGradient(theta);
        const descended = followed(gradient, settings, theta);
        const plain = moved(theta, settings, descended);
        return {
          theta: previous === null ? plain : carriedOn(plain, settings.momentum, theta, previous),
          // A copy: the caller's theta may change later.
          state: { optimizer: "heavyBall", previous: theta.slice() },
          value,
          gradientNorm: norm(descended),
        };
      },
    };
  });
}
