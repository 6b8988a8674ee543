// Plain arrays, and no helper of the engine: what recurrences are written out on.

import { minimize, type Optimizer } from "../../src/index.js";
import { smooth } from "./smooth.js";

export type Vector = number[];

export const start: Vector = [1.5, -2, 0.75];
export const STEPS = 25;
export const TOLERANCE = 1e-12;
export const objective = smooth();

/** Where an optimizer ends. */
export const run = <State>(optimizer: Optimizer<State>): Float64Array =>
  minimize(objective, Float64Array.from(start), optimizer, { steps: STEPS }).theta;

export const gradient = (x: Vector): Vector => Array.from(objective.gradient(Float64Array.from(x)));
export const plus = (x: Vector, scale: number, y: Vector): Vector =>
  x.map((entry, i) => entry + scale * y[i]);
export const length = (x: Vector): number => Math.hypot(...x);
/** ‖a − b‖. */
export const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  length(plus(Array.from(a), -1, Array.from(b)));

export const alpha = { learningRate: 0.05 };
export const rho = { ...alpha, radius: 0.03 };
export const ball = { momentum: 0.7 };
export const accelerated = { momentum: 0.7, nesterov: true };
