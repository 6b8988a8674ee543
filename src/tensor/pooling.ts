import type { Windows } from "./windows.js";

/** The elements that each result is the mean of: of result i `elements[starts[i]]` … `elements[starts[i+1] − 1]`. */
export interface Selection {
  readonly starts: Int32Array;
  readonly elements: Int32Array;
}

// A number is taken by its index, and an index counted only where it belongs: which element is the largest is as good as
// random, and a branch on it would be mispredicted.
const choice = new Float64Array(2);

/** The largest element of every window; NaN if any of them is. */
export function largestInWindows(out: Float64Array, images: Float64Array, { corners, taps }: Windows): void {
  for (let i = 0; i < corners.length; i++) {
    const corner = corners[i];
    let most = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < taps.length; t++) {
      const element = images[(corner + taps[t]) | 0];
      choice[0] = most;
      choice[1] = element;
      most = choice[Number(element > most) | Number(Number.isNaN(element))];
    }
    // Of zeros, which are equal, 0 is larger than −0.
    if (most === 0) for (const tap of taps) most = Math.max(most, images[(corner + tap) | 0]);
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
  let elements = new Int32Array(2 * corners.length + taps.length);
  for (let i = 0, count = 0; i < corners.length; i++) {
    if (count + taps.length > elements.length) elements = doubled(elements);
    const corner = corners[i];
    const most = largest[i];
    for (let t = 0; t < taps.length; t++) {
      const element = (corner + taps[t]) | 0;
      elements[count] = element;
      count = (count + Number(!(images[element] < most))) | 0;
    }
    starts[i + 1] = count;
  }
  return { starts, elements };
}

function doubled(elements: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const out = new Int32Array(2 * elements.length);
  out.set(elements);
  return out;
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

/** Windows that slide along one axis of a row-major tensor (outer, extent, inner). */
export interface Strips {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
  readonly size: number;
  readonly stride: number;
  readonly positions: number;
}

/** out (outer, positions, inner) ← the mean of every window. */
export function meanOfStrips(out: Float64Array, input: Float64Array, strips: Strips): void {
  const { outer, extent, inner, size, stride, positions } = strips;
  for (let o = 0, to = 0; o < outer; o++) {
    for (let p = 0; p < positions; p++) {
      const corner = (o * extent + p * stride) * inner;
      for (let i = 0; i < inner; i++, to++) {
        let sum = 0;
        for (let t = 0, at = corner + i; t < size; t++, at += inner) sum += input[at];
        out[to] = sum / size;
      }
    }
  }
}

/** The adjoint of `meanOfStrips`: adds an equal share of every window's input to each of its elements. */
export function addToStrips(out: Float64Array, input: Float64Array, strips: Strips): void {
  const { outer, extent, inner, size, stride, positions } = strips;
  for (let o = 0, from = 0; o < outer; o++) {
    for (let p = 0; p < positions; p++) {
      const corner = (o * extent + p * stride) * inner;
      for (let i = 0; i < inner; i++, from++) {
        const share = input[from] / size;
        for (let t = 0, at = corner + i; t < size; t++, at += inner) out[at] += share;
      }
    }
  }
}
