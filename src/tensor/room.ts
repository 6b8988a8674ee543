import { rowMajor, sizeOf, type Tensor } from "./view.js";

/** Numbers kept from call to call at most: 128 MB. */
const LARGEST = 1 << 24;

/** Memory that nobody uses, by its length. */
const free = new Map<number, Float64Array[]>();
let kept = 0;

/** What the call that is running has been given; undefined outside of one. */
let given: Float64Array[] | undefined;

/** Zeros: within `reusing` in memory of earlier calls, elsewhere in new memory. */
export function room(length: number): Float64Array {
  if (given === undefined || length === 0) return new Float64Array(length);
  const known = free.get(length)?.pop();
  if (known === undefined) {
    const made = new Float64Array(length);
    given.push(made);
    return made;
  }
  kept -= length;
  given.push(known);
  return known.fill(0);
}

/** A row-major tensor of zeros in such memory. */
export function roomFor(shape: readonly number[]): Tensor {
  return rowMajor(room(sizeOf(shape)), shape);
}

/**
 * Whatever `room` gives within it is given again by later calls: nothing of it may outlive this one, and no code of the
 * user's may run within. One within another is part of that.
 */
export function reusing<Result>(run: () => Result): Result {
  if (given !== undefined) return run();
  given = [];
  try {
    return run();
  } finally {
    for (const memory of given) keep(memory);
    given = undefined;
  }
}

function keep(memory: Float64Array): void {
  const { length } = memory;
  if (kept + length > LARGEST) {
    free.clear();
    kept = 0;
  }
  if (length > LARGEST) return;
  const same = free.get(length);
  if (same) same.push(memory);
  else free.set(length, [memory]);
  kept += length;
}
