import type { RandomStream } from "../random.js";
import { norm } from "../tensor/reduce.js";

/** Overwrites v with independent standard normal numbers: a direction without preference. */
export function fillNormal(v: Float64Array, stream: RandomStream): void {
  for (let i = 0; i < v.length; i++) v[i] = stream.normal();
}

/** Overwrites v with independent random signs ±1. */
export function fillSigns(v: Float64Array, stream: RandomStream): void {
  let bits = 0;
  for (let i = 0; i < v.length; i++) {
    if (i % 32 === 0) bits = stream.bits();
    v[i] = bits & 1 ? 1 : -1;
    bits >>>= 1;
  }
}

/** v ← v/length, by default v/‖v‖. Divides, since 1/length may overflow. */
export function normalize(v: Float64Array, length = norm(v)): void {
  for (let i = 0; i < v.length; i++) v[i] /= length;
}
