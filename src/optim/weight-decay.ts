import { requireFlag } from "../errors.js";
import type { Complete } from "../options.js";
import { plusScaled } from "../tensor/elementwise.js";
import { type CommonOptions, checkCommon, commonOptions, withDecay } from "./optimizer.js";

export interface DecayOptions extends CommonOptions {
  /**
   * Decoupled weight decay (SGDW and AdamW, Loshchilov & Hutter 2019): theta shrinks by the factor 1 − α·weightDecay
   * before it moves, and neither gradient nor momentum sees the decay. Default false: coupled.
   */
  readonly decoupledDecay?: boolean | undefined;
}

export const decayOptions = [...commonOptions, "decoupledDecay"] as const;

export type Decay = Complete<DecayOptions>;

/** @throws ArgumentError */
export function checkDecay(options: DecayOptions): Decay {
  const { decoupledDecay = false } = options;
  return { ...checkCommon(options), decoupledDecay: requireFlag("decoupledDecay", decoupledDecay) };
}

/** The gradient that is followed: g + λθ where the decay is coupled, g where it is not. */
export function withCoupledDecay(gradient: Float64Array, decay: Decay, theta: Float64Array): Float64Array {
  return decay.decoupledDecay ? gradient : withDecay(gradient, decay.weightDecay, theta);
}

/** s·θ − α·direction: s = 1 − αλ where the decay is decoupled, 1 where it is not. */
export function moved(theta: Float64Array, decay: Decay, direction: Float64Array): Float64Array {
  const { learningRate, weightDecay, decoupledDecay } = decay;
  if (!decoupledDecay || weightDecay === 0) return plusScaled(theta, -learningRate, direction);
  const kept = 1 - learningRate * weightDecay;
  const next = new Float64Array(theta.length);
  for (let i = 0; i < next.length; i++) next[i] = kept * theta[i] - learningRate * direction[i];
  return next;
}
