import type { Tensor } from "../tensor/view.js";
import type { Factors } from "./factors.js";
import type { Slab } from "./slabs.js";

/** Threads that form slabs together. */
export interface SlabCrew {
  /**
   * Forms all slabs of H, to the same bits as alone, and shows each one's values, in any order.
   * @returns false where nothing was done: too little work, too many slabs, or too little shared memory
   */
  form(factors: Factors, slabs: readonly Slab[], visit: (slab: number, values: Tensor) => void): boolean;
}

let crew: SlabCrew | undefined;

/** Has large Hessians formed by several threads; or no longer. */
export function shareSlabs(threads: SlabCrew | undefined): void {
  crew = threads;
}

export const slabCrew = (): SlabCrew | undefined => crew;
