import type { Windows } from "./windows.js";

/** The elements that each result is the mean of: those of result i are `elements[starts[i]]` … `elements[starts[i+1] − 1]`. */
export interface Selection {
  readonly starts: Int32Array;
  readonly elements: Int32Array;
}

/** The largest element of every window; NaN if any of them is. */
export function largestInWindows(out: Float64Array, images: Float64Array, { corners, taps }: Windows): void {
  for (let i = 0; i < corners.length; i++) {
    const corner = corners[i];
    let most = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < taps.length; t++) most = Math.max(most, images[(corner + taps[t]) | 0]);
    out[i] = most;
  }
}

/** Where the largest elements stand: one in every window, several where they tie, all where one is not a number. */
export function selectLargest(
  images: Float64Array,
  largest: Float64Array,
  { corners, taps }: Windows,
): Selection {
  const starts = new Int32Array(corners.length + 1);
  const elements = new Int32Array(corners.length * taps.length);
  let count = 0;
  for (let i = 0; i < corners.length; i++) {
    const corner = corners[i];
    const most = largest[i];
    for (let t = 0; t < taps.length; t++) {
      const element = (corner + taps[t]) | 0;
      // Written in any case, and counted only where it belongs: no branch to be mispredicted.
      elements[count] = element;
      count = (count + Number(!(images[element] < most))) | 0;
    }
    starts[i + 1] = count;
  }
  return { starts, elements: elements.slice(0, count) };
}

/** out_i ← the mean of the elements selected for i. */
export function meanOfSelected(
  out: Float64Array,
  input: Float64Array,
  { starts, elements }: Selection,
): void {
  for (let i = 0; i < out.length; i++) {
    const share = 1 / (starts[i + 1] - starts[i]);
    let sum = 0;
    for (let at = starts[i]; at < starts[i + 1]; at++) sum += share * input[elements[at]];
    out[i] = sum;
  }
}

/** The adjoint of `meanOfSelected`: adds an equal share of input_i to each of the elements selected for i. */
export function addToSelected(out: Float64Array, input: Float64Array, { starts, elements }: Selection): void {
  for (let i = 0; i < input.length; i++) {
    const share = input[i] / (starts[i + 1] - starts[i]);
    for (let at = starts[i]; at < starts[i + 1]; at++) out[elements[at]] += share;
  }
}
