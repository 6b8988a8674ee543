import { ArgumentError, requireFlag, requireNumber } from "../errors.js";
import type { Complete } from "../options.js";
import { addScaled, plusScaled, scale } from "../tensor/elementwise.js";
import type { OwnedState } from "./state.js";

/** Momentum in PyTorch's conventions. */
export interface MomentumOptions {
  /** β in [0, 1). Default 0. */
  readonly momentum?: number | undefined;
  /** τ in [0, 1): every gradient but the first enters the velocity times 1 − τ. Needs momentum > 0. Default 0. */
  readonly dampening?: number | undefined;
  /** Nesterov's variant; needs momentum > 0 and no dampening. Default false. */
  readonly nesterov?: boolean | undefined;
}

export const momentumOptions = ["momentum", "dampening", "nesterov"] as const;

export type Momentum = Complete<MomentumOptions>;

/** The velocity, or null before the first step. */
export interface MomentumState extends OwnedState {
  readonly velocity: Float64Array | null;
}

/** @throws ArgumentError */
export function checkMomentum(options: MomentumOptions): Momentum {
  const { momentum = 0, dampening = 0, nesterov = false } = options;
  requireNumber("momentum", momentum, { atLeast: 0, below: 1 });
  requireNumber("dampening", dampening, { atLeast: 0, below: 1 });
  requireFlag("nesterov", nesterov);
  if ((nesterov || dampening > 0) && momentum === 0) {
    throw new ArgumentError({
      expected: `momentum > 0 with ${nesterov ? "nesterov" : "dampening"}`,
      got: "0",
      next: "set momentum, 0.9 is usual",
    });
  }
  if (nesterov && dampening > 0) {
    throw new ArgumentError({ expected: "no dampening with nesterov", got: String(dampening) });
  }
  return { momentum, dampening, nesterov };
}

/**
 * PyTorch's momentum: v ← βv + (1 − τ)g, starting from v = g; the direction is v, or g + βv with Nesterov.
 */
export function momentumDirection(
  gradient: Float64Array,
  velocity: Float64Array | null,
  { momentum, dampening, nesterov }: Momentum,
): { direction: Float64Array; velocity: Float64Array | null } {
  if (momentum === 0) return { direction: gradient, velocity };
  const next = velocity === null ? gradient.slice() : dampened(gradient, dampening);
  if (velocity !== null) addScaled(next, momentum, velocity);
  return { direction: nesterov ? plusScaled(gradient, momentum, next) : next, velocity: next };
}

/** A new vector (1 − τ)g. */
function dampened(gradient: Float64Array, dampening: number): Float64Array {
  const out = gradient.slice();
  if (dampening > 0) scale(out, 1 - dampening);
  return out;
}
