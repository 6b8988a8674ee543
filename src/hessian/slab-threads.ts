import type { Tensor } from "../tensor/view.js";
import type { Factors } from "./factors.js";
import type { Slab } from "./slabs.js";

/** Threads that form slabs together. */
export interface SlabThreads {
  /**
   * Forms all slabs of H, to the same bits as alone, and shows each one's values, in any order.
   * @returns false where nothing was done: too little work, too many slabs, or too little shared memory
   */
  form(factors: Factors, slabs: readonly Slab[], visit: (slab: number, values: Tensor) => void): boolean;
}

let started: SlabThreads | undefined;

/** Has large Hessians formed by several threads; or no longer. */
export function shareSlabs(threads: SlabThreads | undefined): void {
  started = threads;
}

export const slabThreads = (): SlabThreads | undefined => started;
