import { ArgumentError, describe, requireNumber } from "../errors.js";
import { plusScaled } from "../tensor/elementwise.js";

export interface MomentumOptions {
  /** β in [0, 1). Default 0. */
  readonly momentum?: number;
  /** Nesterov's variant; needs momentum > 0. Default false. */
  readonly nesterov?: boolean;
}

/** The velocity, or null before the first step. */
export interface MomentumState {
  readonly velocity: Float64Array | null;
}

/** @throws ArgumentError */
export function checkMomentum(
  where: string,
  { momentum = 0, nesterov = false }: MomentumOptions,
): Required<MomentumOptions> {
  requireNumber(where, "momentum", momentum, { atLeast: 0, below: 1 });
  if (typeof nesterov !== "boolean") {
    throw new ArgumentError({ where, expected: "nesterov to be true or false", got: describe(nesterov) });
  }
  if (nesterov && momentum === 0) {
    throw new ArgumentError({
      where,
      expected: "momentum > 0 with nesterov",
      got: "0",
      next: "set momentum, 0.9 is usual",
    });
  }
  return { momentum, nesterov };
}

/**
 * PyTorch's momentum: v ← βv + g, starting from v = g; the direction is v, or g + βv with Nesterov.
 */
export function momentumDirection(
  gradient: Float64Array,
  { velocity }: MomentumState,
  { momentum, nesterov }: Required<MomentumOptions>,
): { direction: Float64Array; state: MomentumState } {
  if (momentum === 0) return { direction: gradient, state: { velocity } };
  const next = velocity === null ? gradient.slice() : plusScaled(gradient, momentum, velocity);
  return { direction: nesterov ? plusScaled(gradient, momentum, next) : next, state: { velocity: next } };
}
