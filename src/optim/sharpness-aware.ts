import { inFunction, requireNumber } from "../errors.js";
import { requireOptions } from "../options.js";
import { plusScaled } from "../tensor/elementwise.js";
import { norm } from "../tensor/reduce.js";
import { toPlusUnit, unitVector } from "../tensor/unit.js";
import {
  checkMomentum,
  type MomentumOptions,
  type MomentumState,
  momentumDirection,
  momentumOptions,
} from "./momentum.js";
import { asObjective, type Objective, requireProducts } from "./objective.js";
import type { Optimizer } from "./optimizer.js";
import { checkDecay, type DecayOptions, decayOptions, moved, withCoupledDecay } from "./weight-decay.js";

/** Options of every optimizer that descends the gradient at a perturbed point. */
export interface SharpnessOptions extends DecayOptions, MomentumOptions {
  /** ρ > 0: the radius of the perturbation. Where the gradient is normalised 0.05 is usual; elsewhere it scales with the gradient. */
  readonly radius: number;
}

export interface AsamOptions extends SharpnessOptions {
  /** η ≥ 0, added to every |θ_i|. Default 0.01, as in the paper. */
  readonly offset?: number | undefined;
}

export const sharpnessOptions = [...decayOptions, ...momentumOptions, "radius"] as const;

/** The hyperparameters of `sam`. */
export type SamOptions = SharpnessOptions;

/**
 * Sharpness-aware minimization (Foret et al. 2021): descends ∇f(θ + ρ g/‖g‖), g = ∇f(θ); two gradients a step. At a
 * point where g = 0 exactly it is gradient descent. Weight decay is added to the gradient at θ + ρ g/‖g‖, and does not
 * bend the perturbation.
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { minimize, objectiveOf, sam } from "flatward";
 * // From 1, the gradient is taken at 1 + 0.5.
 * const bowl = objectiveOf(1, ([x]) => ({ value: x ** 2 / 2, gradient: Float64Array.of(x) }));
 * const optimizer = sam({ learningRate: 0.1, radius: 0.5 });
 * const { theta } = minimize(bowl, Float64Array.of(1), optimizer, { steps: 1 });
 * console.log(theta[0].toFixed(4)); // → 0.8500
 */
export function sam(options: SamOptions): Optimizer<MomentumState> {
  return sharpnessAware("sam", options, (objective, theta, gradient, radius) =>
    toPlusUnit(gradient, theta, radius) ? objective.gradient(gradient) : gradient,
  );
}

/**
 * SAM without normalisation (Andriushchenko & Flammarion 2022): x ← x − α∇f(x + ρ∇f(x)); two gradients a step. With
 * `momentum` the heavy ball, with `nesterov` Nesterov's momentum, of that gradient, as in `sgd`.
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { sgd, stableSpectrum, usam } from "flatward";
 * // At the same learning rate USAM converges at flatter minima alone.
 * const edge = (optimizer) => stableSpectrum(optimizer).at(-1).upper.toFixed(4);
 * console.log(edge(sgd({ learningRate: 0.1 }))); // → 20.0000
 * console.log(edge(usam({ learningRate: 0.1, radius: 0.5 }))); // → 5.4031
 */
export function usam(options: SharpnessOptions): Optimizer<MomentumState> {
  return sharpnessAware("usam", options, (objective, theta, gradient, radius) =>
    objective.gradient(plusScaled(theta, radius, gradient)),
  );
}

/**
 * USAM with two ascent steps: y = x + ρ∇f(x), z = y + ρ∇f(y), x ← x − α∇f(z); three gradients a step. Momentum as in
 * `usam`. Our reconstruction from the filter 0 ≤ λ(1 + ρλ)² ≤ 2/α that Bolte, Le & Pauwels state (arXiv 2510.09034): the
 * paper's own update was not at hand.
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { minimize, objectiveOf, twoStepUsam } from "flatward";
 * // From 2 uphill to 3 and to 4.5, whose gradient is followed.
 * const bowl = objectiveOf(1, ([x]) => ({ value: x ** 2 / 2, gradient: Float64Array.of(x) }));
 * const optimizer = twoStepUsam({ learningRate: 0.1, radius: 0.5 });
 * const { theta } = minimize(bowl, Float64Array.of(2), optimizer, { steps: 1 });
 * console.log(theta[0].toFixed(4)); // → 1.5500
 */
export function twoStepUsam(options: SharpnessOptions): Optimizer<MomentumState> {
  return sharpnessAware("twoStepUsam", options, (objective, theta, gradient, radius) => {
    const y = plusScaled(theta, radius, gradient);
    return objective.gradient(plusScaled(y, radius, objective.gradient(y)));
  });
}

/**
 * USAM with an ascent along H∇f: x ← x − α∇f(x + ρ∇²f(x)∇f(x)); two gradients and one product H·v a step. Momentum as in `usam`.
 * Our reconstruction from the filter 0 ≤ λ(1 + ρλ²) ≤ 2/α that Bolte, Le & Pauwels state (arXiv 2510.09034): the paper's
 * own update was not at hand.
 * @throws ArgumentError for hyperparameters out of range; a step, where the objective has no hessianVectorProduct
 * @example
 * import { hessianUsam, lossObjective, minimize, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const objective = lossObjective(net, { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] });
 * const optimizer = hessianUsam({ learningRate: 0.5, radius: 0.1, momentum: 0.9 });
 * const { value } = minimize(objective, net.init(7), optimizer, { steps: 500 });
 * console.log(value < 0.01); // → true
 */
export function hessianUsam(options: SharpnessOptions): Optimizer<MomentumState> {
  return sharpnessAware("hessianUsam", options, (objective, theta, gradient, radius) => {
    const twice = inFunction("hessianUsam", () => requireProducts(objective));
    return objective.gradient(plusScaled(theta, radius, twice.hessianVectorProduct(theta, gradient)));
  });
}

/**
 * USAM to first order in ρ: x ← x − α(I + ρ∇²f(x))∇f(x), which is gradient descent on f + (ρ/2)‖∇f‖² (the penalty of
 * Barrett & Dherin 2021); one gradient and one product H·v a step. On quadratics it is USAM. Momentum as in `usam`. The
 * value that a step reports is f's.
 * @throws ArgumentError for hyperparameters out of range; a step, where the objective has no hessianVectorProduct
 * @example
 * import { minimize, objectiveOf, penaltySam } from "flatward";
 * // At 1, x⁴/4 has slope 1 and curvature 3: a step of 0.1 · (1 + 0.2 · 3) · 1.
 * const curvature = { hessianVectorProduct: ([x], [v]) => Float64Array.of(3 * x ** 2 * v) };
 * const f = ([x]) => ({ value: x ** 4 / 4, gradient: Float64Array.of(x ** 3) });
 * const optimizer = penaltySam({ learningRate: 0.1, radius: 0.2 });
 * const run = minimize(objectiveOf(1, f, curvature), Float64Array.of(1), optimizer, { steps: 1 });
 * console.log(run.theta[0].toFixed(4)); // → 0.8400
 */
export function penaltySam(options: SharpnessOptions): Optimizer<MomentumState> {
  return sharpnessAware("penaltySam", options, (objective, theta, gradient, radius) => {
    const twice = inFunction("penaltySam", () => requireProducts(objective));
    return plusScaled(gradient, radius, twice.hessianVectorProduct(theta, gradient));
  });
}

/**
 * Adaptive sharpness-aware minimization (Kwon et al. 2021): descends ∇f(θ + ρ T²g/‖Tg‖), T = diag(|θ_i| + η), g = ∇f(θ);
 * two gradients a step, and gradient descent where Tg = 0. Radii are larger than SAM's: 0.5 is usual. The authors' code
 * takes T = 1 for biases; an optimizer here sees no layers, and treats all parameters alike.
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { asam, minimize, objectiveOf } from "flatward";
 * const bowl = objectiveOf(1, ([x]) => ({ value: x ** 2 / 2, gradient: Float64Array.of(x) }));
 * const optimizer = asam({ learningRate: 0.1, radius: 0.5, offset: 0 });
 * const after = (x) => minimize(bowl, Float64Array.of(x), optimizer, { steps: 1 }).theta[0];
 * // How far uphill goes with theta: from 2 to 3, from 20 to 30.
 * console.log(after(2).toFixed(4), after(20).toFixed(4)); // → 1.7000 17.0000
 */
export function asam(options: AsamOptions): Optimizer<MomentumState> {
  return inFunction("asam", () => {
    const { offset = 0.01 } = requireOptions(options, [...sharpnessOptions, "offset"], NEEDED);
    requireNumber("offset", offset, { atLeast: 0 });
    const perturbedGradient: PerturbedGradient = (objective, theta, gradient, radius) => {
      // Tg may underflow where g does not.
      const towards = unitVector(gradient);
      if (towards === null) return gradient;
      for (let i = 0; i < towards.length; i++) towards[i] *= Math.abs(theta[i]) + offset;
      const unit = unitVector(towards);
      if (unit === null) return gradient;
      for (let i = 0; i < unit.length; i++)
        unit[i] = theta[i] + radius * ((Math.abs(theta[i]) + offset) * unit[i]);
      return objective.gradient(unit);
    };
    return descending("asam", options, memoryless(perturbedGradient), {}, { offset });
  });
}

export const NEEDED = "at least { learningRate, radius }";

/** What is descended in place of the gradient at theta, whose memory it may use. */
type PerturbedGradient = (
  objective: Objective,
  theta: Float64Array,
  gradient: Float64Array,
  radius: number,
) => Float64Array;

/** The same with what the step before left in the state, and what this one leaves there. */
type RememberingGradient<Memory> = (
  ...given: [...Parameters<PerturbedGradient>, memory: Memory]
) => readonly [Float64Array, Memory];

const memoryless =
  (perturbedGradient: PerturbedGradient): RememberingGradient<object> =>
  (objective, theta, gradient, radius) => [perturbedGradient(objective, theta, gradient, radius), {}];

/** An optimizer of this family that has no options of its own. @throws ArgumentError */
function sharpnessAware(
  name: string,
  options: SharpnessOptions,
  perturbedGradient: PerturbedGradient,
): Optimizer<MomentumState> {
  return inFunction(name, () =>
    descending(name, requireOptions(options, sharpnessOptions, NEEDED), memoryless(perturbedGradient), {}),
  );
}

/**
 * An optimizer that descends, in place of the gradient g at theta, the perturbed one. Momentum and weight decay
 * are those of `sgd`, at theta: the decay does not bend the perturbation.
 * @param memory the first @param more hyperparameters
 * @throws ArgumentError for hyperparameters out of range
 */
export function descending<Memory extends object>(
  name: string,
  options: SharpnessOptions,
  perturbedGradient: RememberingGradient<Memory>,
  memory: Memory,
  more: Readonly<Record<string, number>> = {},
): Optimizer<MomentumState & Memory> {
  const decay = checkDecay(options);
  const momentum = checkMomentum(options);
  const radius = requireNumber("radius", options.radius, { above: 0 });
  return {
    name,
    hyperparameters: { ...decay, ...momentum, radius, ...more },
    initialState: () => ({ optimizer: name, velocity: null, ...memory }),
    step(of, theta, state) {
      const objective = asObjective(of);
      const { value, gradient } = objective.valueAndGradient(theta);
      const gradientNorm = norm(withCoupledDecay(gradient, decay, theta));
      const [perturbed, next] = perturbedGradient(objective, theta, gradient, radius, state);
      const descended = withCoupledDecay(perturbed, decay, theta);
      const { direction, velocity } = momentumDirection(descended, state.velocity, momentum);
      return {
        theta: moved(theta, decay, direction),
        state: { optimizer: name, velocity, ...next },
        value,
        gradientNorm,
      };
    },
  };
}
