import { hessianOperator, lanczos, lossAndGradient, wsUpperBoundAndGradient } from "flatward";
import { norm } from "flatward/tensor";
import type { TrainedCell } from "../../sweep/trained.js";
import { sharesAt } from "./along.js";

/** Length of a step, relative to ‖θ‖. */
export const STEP_LENGTH = 0.01;

/** A network, and what its bound is made of. */
export interface Point {
  readonly loss: number;
  readonly lambdaMax: number;
  /** B. */
  readonly value: number;
  readonly classes: readonly number[];
  readonly layers: readonly number[];
  /** Of the samples together that carry half of B before the step. */
  readonly sharpest: number;
}

/** One step down B, as HSR takes it beside those down the loss, and one as long down the loss. */
export interface Steps {
  readonly before: Point;
  readonly hsr: Point;
  readonly descent: Point;
}

/** @param sharpest positions in the sample */
export function oneStep({ net, theta, sample }: TrainedCell, sharpest: readonly number[]): Steps {
  const pointAt = (at: Float64Array): Point => ({
    loss: lossAndGradient(net, at, sample).loss,
    lambdaMax: lanczos(hessianOperator(net, at, sample), { seed: 1, certify: false }).values[0],
    ...sharesAt(net, at, sample, sharpest),
  });
  const after = (gradient: Float64Array): Point => {
    const length = norm(gradient);
    const scale = length > 0 ? (STEP_LENGTH * norm(theta)) / length : 0;
    return pointAt(theta.map((weight, i) => weight - scale * gradient[i]));
  };
  return {
    before: pointAt(theta),
    hsr: after(wsUpperBoundAndGradient(net, theta, sample).gradient),
    descent: after(lossAndGradient(net, theta, sample).gradient),
  };
}
