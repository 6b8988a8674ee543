/** Two samples, i ≤ j, or one with itself, and a number of theirs. */
export interface PairShare {
  readonly i: number;
  readonly j: number;
  readonly share: number;
}

/** The k largest in size of all that are offered, in memory that grows with k alone. */
export interface Largest {
  /** The size that a share must be above to be kept. */
  floor(): number;
  offer(i: number, j: number, share: number): void;
  /** Largest in size first, and of equal ones the first pair. */
  sorted(): PairShare[];
}

/** A heap whose root is the smallest of those kept. @param k ≥ 0 */
export function createLargest(k: number): Largest {
  const heap: PairShare[] = [];
  let floor = k === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;

  const sizeAt = (at: number) => Math.abs(heap[at].share);
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b], heap[a]];
  };
  const up = (start: number) => {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (sizeAt(parent) <= sizeAt(at)) return;
      swap(parent, at);
      at = parent;
    }
  };
  const down = () => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const child = left + 1 < heap.length && sizeAt(left + 1) < sizeAt(left) ? left + 1 : left;
      if (sizeAt(at) <= sizeAt(child)) return;
      swap(at, child);
      at = child;
    }
  };
  const keep = (pair: PairShare) => {
    if (heap.length < k) {
      heap.push(pair);
      up(heap.length - 1);
    } else {
      heap[0] = pair;
      down();
    }
    if (heap.length === k) floor = sizeAt(0);
  };
  return {
    floor: () => floor,
    offer(i, j, share) {
      if (Math.abs(share) > floor) keep({ i, j, share });
    },
    sorted: () => [...heap].sort((a, b) => Math.abs(b.share) - Math.abs(a.share) || a.i - b.i || a.j - b.j),
  };
}
