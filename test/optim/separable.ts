import { minimize, type Optimizer } from "../../src/index.js";
import { quadratic } from "./quadratic.js";

/** On a diagonal quadratic the coordinates do not know of each other, but for SAM's norm. */
export const curvatures = [1, 4, 0.25];
export const slopes = [0.5, -1, 2];
export const start = [3, -2, 1.5];
export const STEPS = 25;

/** θ after some steps of the optimizer under test. */
export const run = (optimizer: Optimizer): Float64Array =>
  minimize(quadratic(curvatures, slopes), Float64Array.from(start), optimizer, { steps: STEPS }).theta;

/** θ of each coordinate after as many steps of a recurrence with the state of one coordinate. */
export function each<State>(
  initial: State,
  step: (theta: number, g: number, s: State, t: number) => [number, State],
): number[] {
  return start.map((first, i) => {
    let [theta, state] = [first, initial];
    for (let t = 1; t <= STEPS; t++)
      [theta, state] = step(theta, curvatures[i] * theta - slopes[i], state, t);
    return theta;
  });
}

/** A few roundings a step. */
export const TOLERANCE = 1e-13;
