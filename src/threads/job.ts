import { awaitChange } from "../linalg/dense/band/rest.js";
import { BLOCK_COLUMNS } from "../tensor/panels.js";

// A job is a number of pieces that may be done at once. Whoever has time takes them, the last first, which are the largest. Everybody
// says so when a piece is done.

/** How many pieces a job may have: one for each panel of a block's columns. */
export const PIECES = BLOCK_COLUMNS / 4;

/** How many numbers tell what a job's pieces are. */
const ARGUMENTS = 4;

/** Places in the integers that threads share; from `owners` on, who did a piece, and for which job. */
const Place = { ticket: 0, kind: 1, ready: 2, arguments: 3, owners: 3 + ARGUMENTS } as const;

/** How many integers they share. */
export const CONTROL_LENGTH = Place.owners + PIECES;

// A ticket has a job's number in the upper 24 bits, and in the lower 8 how many of its pieces nobody has taken. A thread that
// succeeds in exchanging it has read that job's kind and arguments: the next job is published only when all pieces of this one
// are taken.
const LEFT = 0xff;

/** In the place of its owner, of a piece that another thread could not do. */
const FAILED = 0xfe;

/** Does a piece of a kind. @param owner the number of the thread that does it */
export type DoPiece = (owner: number, piece: number, a: number, b: number, c: number, d: number) => void;

/** Says that of the current job, or the next one, pieces from this one on may be done; those before it not yet. */
export function allow(control: Int32Array, first: number): void {
  Atomics.store(control, Place.ready, first);
}

/** Waits until a piece may be done. */
export function awaitAllowed(control: Int32Array, piece: number): void {
  let first = Atomics.load(control, Place.ready);
  while (first > piece) first = awaitChange(control, Place.ready, first);
}

/** Publishes a job, and wakes who sleeps. */
export function publish(
  control: Int32Array,
  kind: number,
  pieces: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  control[Place.kind] = kind;
  control[Place.arguments] = a;
  control[Place.arguments + 1] = b;
  control[Place.arguments + 2] = c;
  control[Place.arguments + 3] = d;
  const job = ((Atomics.load(control, Place.ticket) | LEFT) + 1) | 0;
  control.fill(job | LEFT, Place.owners);
  Atomics.store(control, Place.ticket, job + pieces);
  Atomics.notify(control, Place.ticket);
}

/** Does pieces of the current job as long as there are any. @param kinds what does a piece of each kind */
export function takePieces(control: Int32Array, kinds: readonly DoPiece[], owner: number): void {
  while (takePiece(control, kinds, owner));
}

/** Does one piece of the current job. @returns whether there was any */
export function takePiece(control: Int32Array, kinds: readonly DoPiece[], owner: number): boolean {
  for (;;) {
    const ticket = Atomics.load(control, Place.ticket);
    const left = ticket & LEFT;
    if (left === 0) return false;
    const doPiece = kinds[control[Place.kind]];
    const a = control[Place.arguments];
    const b = control[Place.arguments + 1];
    const c = control[Place.arguments + 2];
    const d = control[Place.arguments + 3];
    if (Atomics.compareExchange(control, Place.ticket, ticket, ticket - 1) !== ticket) continue;
    const job = ticket & ~LEFT;
    let doneBy = FAILED;
    try {
      doPiece(owner, left - 1, a, b, c, d);
      doneBy = owner;
    } finally {
      // The job may have ended without this piece: then the place is a later job's, and must stay.
      Atomics.compareExchange(control, Place.owners + left - 1, job | LEFT, job | doneBy);
    }
    return true;
  }
}

/** Who has done a piece of the current job; -1 where nobody has done it after so many looks. */
export function ownerOf(control: Int32Array, piece: number, looks: number): number {
  const job = jobOf(control);
  let owner = -1;
  for (let look = 0; owner < 0 && look < looks; look++)
    owner = ownerIn(Atomics.load(control, Place.owners + piece), job);
  return owner;
}

/** Waits until somebody has done a piece of the current job. @returns false where it could not be done */
export function awaitPiece(control: Int32Array, piece: number): boolean {
  let entry = Atomics.load(control, Place.owners + piece);
  while ((entry & LEFT) === LEFT) entry = awaitChange(control, Place.owners + piece, entry);
  return (entry & LEFT) !== FAILED;
}

/** Waits until all pieces of the current job are done. @returns false where one could not be */
export function awaitPieces(control: Int32Array, pieces: number): boolean {
  let done = true;
  for (let piece = 0; piece < pieces; piece++) done = awaitPiece(control, piece) && done;
  return done;
}

const jobOf = (control: Int32Array): number => Atomics.load(control, Place.ticket) & ~LEFT;

/** Who an entry says has done a piece of a job; -1 for nobody. */
function ownerIn(entry: number, job: number): number {
  const owner = entry & LEFT;
  return (entry & ~LEFT) === job && owner < FAILED ? owner : -1;
}

/** Looks for the next job some 250 µs long: what packing the next block takes, and more than waking does. */
const SPINS = 100_000;

/** Waits for the next job, asleep after a while. */
export function awaitJob(control: Int32Array): void {
  for (let spin = 0; spin < SPINS; spin++) if ((Atomics.load(control, Place.ticket) & LEFT) > 0) return;
  const seen = Atomics.load(control, Place.ticket);
  if ((seen & LEFT) === 0) Atomics.wait(control, Place.ticket, seen);
}
