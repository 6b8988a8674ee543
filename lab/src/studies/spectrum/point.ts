import { measuredNetwork } from "../../experiment/measures/measured-network.js";
import { measures } from "../../experiment/measures/measures.js";
import type { SpectrumInput } from "./input.js";

/** A gradient step of length 1/max |λ| that would lower the loss by less than this share of it is no step. */
const STATIONARY_SHARE = 1e-6;

/** What kind of point the parameters are. */
export type PointKind = "minimum" | "saddle" | "slope";

/** Where on the landscape the spectrum was taken. */
export interface Point {
  /** By measure id: training and test loss, test accuracy, norm of the gradient. */
  readonly fit: Readonly<Record<string, number>>;
  /** What a gradient step of length 1/max |λ| takes from the loss at least, to second order: ‖∇loss‖²/(2 max |λ|). */
  readonly predictedDecrease: number;
  /**
   * "slope" where that is more than a millionth of the loss; otherwise "saddle" where an eigenvalue is known to be
   * negative, and "minimum" where none is.
   */
  readonly kind: PointKind;
}

/** How well the network fits: everything of the kind that sweeps measure, timings aside. */
export function fitOf(input: SpectrumInput): Record<string, number> {
  const effort = { steps: 0, gradients: 0, milliseconds: 0 };
  const unrecorded = { curve: [], sharpness: [], l2: 0, effort };
  const trained = measuredNetwork({ ...input, sample: input.train, ...unrecorded }, false);
  const rows = measures.filter(
    ({ group, reproducible, onRequest }) => group === "fit" && reproducible && !onRequest,
  );
  return Object.fromEntries(rows.map(({ id, of }) => [id, of(trained)]));
}

/**
 * @param norm max |λ|
 * @param negative eigenvalues known to be negative
 */
export function pointOf(fit: Readonly<Record<string, number>>, norm: number, negative: number): Point {
  const { gradientNorm, trainLoss } = fit;
  const predictedDecrease = norm > 0 ? (gradientNorm * gradientNorm) / (2 * norm) : 0;
  const flat = norm > 0 ? predictedDecrease <= STATIONARY_SHARE * Math.abs(trainLoss) : gradientNorm === 0;
  return { fit, predictedDecrease, kind: !flat ? "slope" : negative > 0 ? "saddle" : "minimum" };
}
