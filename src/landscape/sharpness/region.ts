import { maxAbs, norm } from "../../tensor/reduce.js";

/** A convex set around 0 in which the highest point is sought. */
export interface Region {
  /** The largest ‖z‖₂ in it. */
  readonly extent: number;
  /** Moves z to the nearest point of the set, in place. */
  project(z: Float64Array): void;
  /** max ⟨g, y⟩ over the set. */
  support(g: Float64Array): number;
  /** Where that is, for g ≠ 0. */
  farthest(g: Float64Array): Float64Array;
}

/** ‖z‖₂ ≤ radius. */
export function ball(radius: number): Region {
  return {
    extent: radius,
    project(z) {
      const length = norm(z);
      if (length > radius) for (let i = 0; i < z.length; i++) z[i] = radius * (z[i] / length);
    },
    support: (g) => radius * norm(g),
    farthest(g) {
      const length = norm(g);
      return g.map((entry) => radius * (entry / length));
    },
  };
}

/** max |z_i| ≤ radius. */
export function cube(size: number, radius: number): Region {
  return {
    extent: radius * Math.sqrt(size),
    project(z) {
      if (maxAbs(z) > radius) for (let i = 0; i < size; i++) z[i] = Math.max(-radius, Math.min(radius, z[i]));
    },
    support: (g) => g.reduce((sum, entry) => sum + radius * Math.abs(entry), 0),
    farthest: (g) => g.map((entry) => radius * Math.sign(entry)),
  };
}
