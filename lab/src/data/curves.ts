import { randomStream } from "flatward";
import type { LabelledSamples } from "./dataset.js";
import { generated } from "./generated.js";

/** Settings that all curves in the plane have. */
export interface CurveOptions {
  /** N, shared evenly among the classes. */
  readonly samples: number;
  /** Standard deviation of the Gaussian noise on both coordinates. */
  readonly noise: number;
  /** Seed of the places on the curves, and of the noise. */
  readonly draw: number;
}

/** Two interleaving half circles of radius 1: the upper one around (0, 0), the lower one around (1, ½). */
export function moons(options: CurveOptions): LabelledSamples {
  return onCurves("moons", 2, options, (label, u) => {
    const angle = Math.PI * u;
    return label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  });
}

export interface CirclesOptions extends CurveOptions {
  /** Radius of the inner circle, class 1, in (0, 1); the outer one has radius 1. */
  readonly inner: number;
}

/** Two circles around the origin. */
export function circles({ inner, ...options }: CirclesOptions): LabelledSamples {
  return onCurves("circles", 2, options, (label, u) => polar(label === 0 ? 1 : inner, u));
}

export interface SpiralsOptions extends CurveOptions {
  /** K, the arms. */
  readonly classes: number;
  /** Of an arm, from the origin to radius 1. */
  readonly turns: number;
}

/**
 * Archimedean spirals from the origin to radius 1, arm k turned by k/K of a circle. The radius is the root of a uniform
 * number, so that samples lie about evenly along an arm.
 */
export function spirals({ classes, turns, ...options }: SpiralsOptions): LabelledSamples {
  return onCurves("spirals", classes, options, (label, u) => {
    const radius = Math.sqrt(u);
    return polar(radius, turns * radius + label / classes);
  });
}

/** A point by its radius and its angle, in circles. */
function polar(radius: number, circles: number): [x: number, y: number] {
  const angle = 2 * Math.PI * circles;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Samples at uniformly drawn places u in [0, 1) of one plane curve a class, with noise. */
function onCurves(
  name: string,
  classes: number,
  { samples, noise, draw }: CurveOptions,
  pointAt: (label: number, u: number) => [x: number, y: number],
): LabelledSamples {
  const stream = randomStream(draw, name);
  const positions = stream.stream("places");
  const noises = stream.stream("noise");
  return generated({ name, samples, features: 2, classes }, (sample, label) => {
    const point = pointAt(label, positions.uniform());
    for (let j = 0; j < 2; j++) sample[j] = point[j] + noise * noises.normal();
  });
}
