import {
  ArgumentError,
  inFunction,
  requireArray,
  requireInteger,
  requireNumber,
  requireObject,
} from "../errors.js";
import { randomStream } from "../random.js";
import { type Activation, type ActivationChoice, activation as activationOf } from "./dense/activations.js";
import { type Loss, type LossChoice, loss as lossOf } from "./losses.js";

/**
 * The activation of that name, to build on; one of the caller's own is returned as it is.
 * @throws ArgumentError for an unknown one, "relu", and one whose jet does not write all four
 * @example
 * import { activation } from "flatward/nn";
 * const jet = new Float64Array(4);
 * activation("sin").jet(0, jet); // sin and its first three derivatives at 0
 * console.log(Array.from(jet)); // → [ 0, 1, -0, -1 ]
 */
export function activation(given: ActivationChoice): Activation {
  return inFunction("activation", () => activationOf(given));
}

/**
 * The loss of that name, to build on; one of the caller's own is returned as it is. @throws ArgumentError
 * @example
 * import { loss } from "flatward/nn";
 * const p = new Float64Array(2);
 * const r = new Float64Array(2);
 * const value = loss("softmax-cross-entropy").evaluate(Float64Array.of(0, 0), Float64Array.of(1, 0), 0, 2, p, r);
 * console.log(value.toFixed(4), Array.from(p), Array.from(r)); // → 0.6931 [ 0.5, 0.5 ] [ -0.5, 0.5 ]
 */
export function loss(given: LossChoice): Loss {
  return inFunction("loss", () => lossOf(given));
}

// Central differences, extrapolated: what was differentiated by hand is right to some 1e-8 of its size then.

const STEP = 1e-2;
const TOLERANCE = 1e-6;

/** f′(0), from steps of h, h/2 and h/4; errors of order h⁶. */
function slopeOf(f: (t: number) => number): number {
  const [coarse, middle, fine] = [STEP, STEP / 2, STEP / 4].map((h) => (f(h) - f(-h)) / (2 * h));
  const [first, second] = [middle + (middle - coarse) / 3, fine + (fine - middle) / 3];
  return second + (second - first) / 15;
}

/** @throws ArgumentError where the two differ by more than rounding and a step's error */
function requireSlope(what: string, claimed: number, f: (t: number) => number, scale: number): void {
  const measured = slopeOf(f);
  if (Math.abs(claimed - measured) <= TOLERANCE * Math.max(scale, Math.abs(claimed), Math.abs(measured)))
    return;
  throw new ArgumentError({
    expected: `${what} to be ${measured}, as differences have it`,
    got: String(claimed),
    next: "correct the derivative, or keep clear of where the function is not smooth",
  });
}

/**
 * Whether an activation's derivatives are those of its values: each of its jet's three against differences of the one
 * before, to 1e-6.
 * @param at where; default −3, −1.1, −0.2, 0.4, 1.3, 4 @throws ArgumentError that names the first that is not
 * @example
 * import { checkActivation } from "flatward/nn";
 * const cubic = (third) => ({ name: "cubic", jet: (z, out) => out.set([z * z * z, 3 * z * z, 6 * z, third]) });
 * checkActivation(cubic(6));
 * try {
 *   checkActivation(cubic(5)); // φ‴ is 6
 * } catch (error) {
 *   console.log(error.code); // → invalid-argument
 * }
 */
export function checkActivation(
  given: Activation,
  at: readonly number[] = [-3, -1.1, -0.2, 0.4, 1.3, 4],
): void {
  inFunction("checkActivation", () => {
    const { name, jet } = activationOf(given);
    const jetAt = (z: number): Float64Array => {
      const out = new Float64Array(4);
      jet(z, out);
      return out;
    };
    requireArray("at", at);
    for (const z of at) {
      requireNumber("a point", z);
      const here = jetAt(z);
      for (const order of [1, 2, 3]) {
        const slope = (t: number): number => jetAt(z + t)[order - 1];
        requireSlope(`derivative ${order} of ${name} at ${z}`, here[order], slope, 1);
      }
    }
  });
}

/**
 * Whether a loss is canonical and its derivatives are those of its values, at random logits: the residual p − y against
 * differences of the loss, S against those of the mean, `curvatureAdjoint` against those of S, to 1e-6.
 * @param targets one valid row of targets (K), K ≥ 1 @throws ArgumentError that names the first that is not
 * @example
 * import { checkLoss, loss } from "flatward/nn";
 * checkLoss(loss("poisson"), [2, 0, 1]); // would throw
 * console.log("canonical"); // → canonical
 */
export function checkLoss(given: Loss, targets: ArrayLike<number>): void {
  inFunction("checkLoss", () => {
    const { name, targets: valid, evaluate, curvature, curvatureAdjoint } = lossOf(given);
    requireObject("targets", targets, "a row of them, [1, 4] say");
    const K = requireInteger("the number of targets", targets.length, 1);
    const y = Float64Array.from(targets);
    if (!valid.admits(y, 0, K))
      throw new ArgumentError({ expected: `targets that are ${valid.expected}`, got: `[${y}]` });
    const stream = randomStream(0, "checkLoss");
    const evaluated = (u: Float64Array) => {
      const [p, r, s] = [new Float64Array(K), new Float64Array(K), new Float64Array(K * K)];
      const value = evaluate(u, y, 0, K, p, r);
      curvature(u, p, 0, K, s);
      return { value, p, r, s };
    };
    for (let trial = 0; trial < 5; trial++) {
      const u = Float64Array.from({ length: K }, () => stream.normal());
      const direction = Float64Array.from({ length: K }, () => stream.normal());
      const weights = new Float64Array(K * K);
      for (let k = 0; k < K; k++)
        for (let l = 0; l <= k; l++) weights[k * K + l] = weights[l * K + k] = stream.normal();
      const here = evaluated(u);
      const moved = (t: number) => evaluated(u.map((entry, k) => entry + t * direction[k]));
      const along = (row: Float64Array): number =>
        row.reduce((sum, entry, k) => sum + entry * direction[k], 0);
      requireSlope(`the residual of ${name}, along a direction,`, along(here.r), (t) => moved(t).value, 1);
      const turned = new Float64Array(K);
      for (let k = 0; k < K; k++) turned[k] = along(here.s.subarray(k * K, (k + 1) * K));
      for (let k = 0; k < K; k++) {
        requireSlope(`residual ${k} of ${name} to be p − y: its slope`, turned[k], (t) => moved(t).r[k], 1);
        requireSlope(
          `the curvature of ${name}, row ${k} along a direction,`,
          turned[k],
          (t) => moved(t).p[k],
          1,
        );
      }
      const byMean = new Float64Array(K);
      curvatureAdjoint(here.p, 0, K, weights, byMean);
      const claimed = turned.reduce((sum, entry, k) => sum + entry * byMean[k], 0);
      const weighted = (t: number): number =>
        moved(t).s.reduce((sum, entry, i) => sum + entry * weights[i], 0);
      requireSlope(`curvatureAdjoint of ${name}, along a direction,`, claimed, weighted, 1);
    }
  });
}
