import type { Slab } from "../../hessian/slabs.js";
import type { Tensor } from "../../tensor/view.js";

/** A slab as far as it adds to tr H². */
export interface FormedSlab extends Slab {
  /** What it adds to ⟨A, B⟩ for its values of two matrices. */
  inner(a: Tensor, b: Tensor): number;
  /** The derivative of scale · ⟨A, A⟩ by A's values, in their place. */
  toAdjoint(a: Tensor, scale: number): void;
  /** Takes `shift` from the entries on H's diagonal; left out where the slab has none. */
  shift?(a: Tensor, shift: number): void;
}
