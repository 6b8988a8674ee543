/** Looks after which the other thread is likely to have been preempted: some 50 µs. */
const LOOKS = 20_000;

/** Milliseconds for which the core is left to others. */
const REST = 0.1;

/** Pages may not rest in their main thread; there it goes on looking. */
let allowed = true;

/** Looks until a number that threads share is not the one seen, and rests between looks that take long. */
export function awaitChange(shared: Int32Array, at: number, seen: number): number {
  for (let look = 1; ; look++) {
    const now = Atomics.load(shared, at);
    if (now !== seen) return now;
    if (look % LOOKS === 0 && allowed) rest(shared, at, seen);
  }
}

function rest(shared: Int32Array, at: number, seen: number): void {
  try {
    Atomics.wait(shared, at, seen, REST);
  } catch {
    allowed = false;
  }
}
