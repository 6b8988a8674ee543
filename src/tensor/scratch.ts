import { rowMajor, sizeOf, type Tensor } from "./view.js";

/** Numbers kept from call to call at most: 128 MB. */
const LARGEST = 1 << 24;

/** Memory that nobody uses, by its length. */
const free = new Map<number, Float64Array[]>();
let kept = 0;

/** What the call that is running has been given; undefined outside of one. */
let given: Float64Array[] | undefined;

/** Zeros: within `reusing` in memory of earlier calls, elsewhere in new memory. */
export function scratch(length: number): Float64Array {
  const known = freeMemory(length);
  return known === undefined ? newMemory(length) : known.fill(0);
}

/** As `scratch`, of any values: for what is written before it is read. */
export function uninitialized(length: number): Float64Array {
  return freeMemory(length) ?? newMemory(length);
}

function freeMemory(length: number): Float64Array | undefined {
  if (given === undefined) return undefined;
  const known = free.get(length)?.pop();
  if (known === undefined) return undefined;
  kept -= length;
  given.push(known);
  return known;
}

function newMemory(length: number): Float64Array {
  const made = new Float64Array(length);
  if (length > 0) given?.push(made);
  return made;
}

/** A row-major tensor of zeros in such memory. */
export function scratchTensor(shape: readonly number[]): Tensor {
  return rowMajor(scratch(sizeOf(shape)), shape);
}

/**
 * Memory that `scratch` and `uninitialized` give within `run` is given again by later calls: keep nothing of it, and call no code of
 * the user's. A call within another joins it.
 */
export function reusing<Result>(run: () => Result): Result {
  if (given !== undefined) return run();
  const held = heldScratch();
  try {
    return held.use(run);
  } finally {
    held.giveBack();
  }
}

/** Memory of earlier calls that is held for longer than a call. */
interface HeldScratch {
  /** Whatever `scratch` gives within it is held; no code of the user's may run within. */
  use<Result>(run: () => Result): Result;
  /** Lets others have what is held, which nobody may use from now on. */
  giveBack(): void;
}

export function heldScratch(): HeldScratch {
  const own: Float64Array[] = [];
  return {
    giveBack() {
      for (const memory of own) keep(memory);
      own.length = 0;
    },
    use(run) {
      if (given !== undefined) return run();
      given = own;
      try {
        return run();
      } finally {
        given = undefined;
      }
    },
  };
}

function keep(memory: Float64Array): void {
  const { length } = memory;
  if (length > LARGEST) return;
  if (kept + length > LARGEST) {
    free.clear();
    kept = 0;
  }
  const same = free.get(length);
  if (same) same.push(memory);
  else free.set(length, [memory]);
  kept += length;
}
