import type { PairVectors } from "./pair-set.js";
import type { ContractTile, PairSums, TileOptions, TilePlan } from "./tile-contraction.js";

export interface PairOptions extends TileOptions {
  readonly mirrored?: boolean;
}

/** Threads that contract tiles of pairs together. */
export interface PairThreads {
  /**
   * Does what `contract` does, to the same bits as alone, for pairs that nobody is shown.
   * @param contractTile what this thread's part is done by
   * @returns false where nothing has changed: too little work, too many tiles, too little shared memory, or a thread has failed
   */
  contract(
    plan: TilePlan,
    contractTile: ContractTile,
    a: PairVectors,
    b: PairVectors,
    sums: PairSums,
    options: PairOptions,
  ): boolean;
}

let started: PairThreads | undefined;

/** Has the pairs of many samples contracted by several threads; or no longer. */
export function sharePairs(threads: PairThreads | undefined): void {
  started = threads;
}

export const pairThreads = (): PairThreads | undefined => started;
