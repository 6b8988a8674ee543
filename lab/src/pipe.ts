import { readSync } from "node:fs";

/** The most that is read of what has no size. */
const MAX_BYTES = 2 ** 29;
/** Read at once. */
const PIECE = 2 ** 16;
/** Milliseconds between two looks at a pipe that has nothing to say. */
const LOOK_AGAIN = 10;
/** Milliseconds that a pipe is given to find a writer. */
const PATIENCE = 1000;

/**
 * All that comes out of a pipe, or a terminal, that was opened so that reading does not wait.
 * @throws Error when nobody writes to it, or too much comes
 */
export function readPipe(file: number): Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  const started = performance.now();
  for (;;) {
    const piece = readPiece(file);
    if (piece === undefined) wait();
    else if (piece.length > 0) {
      pieces.push(piece);
      size += piece.length;
      if (size > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes come out of it; give a file`);
    } else if (size > 0) return Buffer.concat(pieces);
    else if (performance.now() - started > PATIENCE)
      throw new Error("it is a pipe that nobody writes to, or that was read before");
    else wait();
  }
}

/** What there is now: empty at the end, and before somebody writes; nothing while a writer is silent. */
function readPiece(file: number): Buffer | undefined {
  const piece = Buffer.alloc(PIECE);
  try {
    return piece.subarray(0, readSync(file, piece));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}

function wait(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN);
}
