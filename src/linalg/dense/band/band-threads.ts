import { type Piece, runPiece } from "./pieces.js";
import { plainArena } from "./plain-kernels.js";
import { wasmArena } from "./wasm-kernels.js";
import type { Arena, Work } from "./work.js";

/** Who does the pieces of a reduction: one thread, or several. */
export interface BandThreads {
  readonly count: number;
  /** Memory that all of them work on; nothing where that is too much. */
  arena(length: number): Arena | undefined;
  /**
   * Does pieces 0 … count − 1 of a kind, all of which may be under way at once; they are over when it returns.
   * @returns false where one could not be done: the matrix is lost
   */
  run(work: Work, piece: Piece, panel: number, count: number): boolean;
}

/** This thread. */
export const alone: BandThreads = {
  count: 1,
  arena: (length) => wasmArena(length) ?? plainArena(length),
  run(work, piece, panel, count) {
    for (let own = 0; own < count; own++) runPiece(work, piece, panel, own, count);
    return true;
  },
};
