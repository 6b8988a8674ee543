import type { BandThreads } from "../linalg/dense/band/band-threads.js";
import { bandLayout } from "../linalg/dense/band/layout.js";
import { Piece, runPiece } from "../linalg/dense/band/pieces.js";
import type { Arena, Work } from "../linalg/dense/band/work.js";
import { awaitPieces, type DoPiece, PIECES, publish, takePieces } from "./job.js";
import { Kind, OWN } from "./kinds.js";

/** Rows of tiles below which other threads would come too late: some 100 µs of products. */
const LEAST = 6;

/** Pieces of reductions in an arena, which all threads lay out alike. */
export function reductionsIn(arena: Arena, threads: number): DoPiece {
  let work: Work | undefined;
  return (_, own, n, piece, panel, count) => {
    if (work?.layout.n !== n) work = { ...arena, layout: bandLayout(n, threads) };
    runPiece(work, piece as Piece, panel, own, count);
  };
}

/**
 * Threads that reduce matrices together. They change the matrix in its place, so that a piece that was taken must be waited for, also
 * where its thread is preempted.
 */
export function sharedReduction(arena: Arena, control: Int32Array, threads: number): BandThreads {
  const doPiece = reductionsIn(arena, threads);
  const kinds: DoPiece[] = [];
  kinds[Kind.reduction] = doPiece;
  return {
    count: threads,
    arena: (length) => (length <= arena.data.length ? arena : undefined),
    run({ layout: { n } }, piece, panel, wanted) {
      const count = Math.min(wanted, PIECES);
      if (piece !== Piece.sweeps && count < LEAST) {
        for (let own = 0; own < count; own++) doPiece(OWN, own, n, piece, panel, count);
        return true;
      }
      publish(control, Kind.reduction, count, n, piece, panel, count);
      takePieces(control, kinds, OWN);
      return awaitPieces(control, count);
    },
  };
}
