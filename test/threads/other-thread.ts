import { CONTROL_LENGTH, type DoPiece, takePiece } from "../../src/threads/job.js";

/** Memory and a job, of this thread and another one that takes pieces in between. */
export function twoThreads(bytes: number) {
  const memory = new SharedArrayBuffer(bytes);
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_LENGTH));
  return {
    memory,
    control,
    /** Has the other thread do a piece, if any is left; where it fails, it ends. */
    other(kind: number, doPiece: DoPiece) {
      const kinds: DoPiece[] = [];
      kinds[kind] = doPiece;
      try {
        takePiece(control, kinds, 1);
      } catch {
        // Nobody hears of it but who waits for the piece.
      }
    },
  };
}
