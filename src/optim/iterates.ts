import { requireNumber } from "../errors.js";
import type { OwnedState } from "./state.js";
import { checkDecay, type Decay, type DecayOptions } from "./weight-decay.js";

export interface IterateOptions extends DecayOptions {
  /** β in [0, 1), of the last displacement; 0.9 is usual. */
  readonly momentum: number;
}

/** An iterate that the momentum is measured from, or null before the first step. */
export interface IterateState extends OwnedState {
  readonly previous: Float64Array | null;
}

/** @throws ArgumentError */
export function checkIterates(options: IterateOptions): Decay & { readonly momentum: number } {
  const decay = checkDecay(options);
  return { ...decay, momentum: requireNumber("momentum", options.momentum, { atLeast: 0, below: 1 }) };
}

/** a + β(b − c). */
export function carriedOn(a: Float64Array, momentum: number, b: Float64Array, c: Float64Array): Float64Array {
  return a.map((entry, i) => entry + momentum * (b[i] - c[i]));
}
