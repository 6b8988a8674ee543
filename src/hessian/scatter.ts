import type { Tensor } from "../tensor/view.js";
import type { DiagonalSlab } from "./diagonal-slabs.js";
import { type Tap, widthOf } from "./factors.js";

/** The position in theta of weight (unit, input) of a tap, and of the unit's bias as its last input: units × h̃. */
export function parameterPlaces(tap: Tap): Int32Array {
  const { inputs, units, weights, biases } = tap;
  const width = widthOf(tap);
  const places = new Int32Array(units * width);
  for (let unit = 0; unit < units; unit++) {
    for (let c = 0; c < inputs; c++) places[unit * width + c] = weights + unit * inputs + c;
    if (width > inputs) places[unit * width + inputs] = biases + unit;
  }
  return places;
}

/**
 * Writes values to H, and to their mirror images: in row `row` those of a unit's inputs from place `from` on, one after the other
 * but for the bias.
 */
export function scatterRun(
  { data: H, shape: [n] }: Tensor,
  row: number,
  places: Int32Array,
  from: number,
  values: Float64Array,
  at: number,
  length: number,
): void {
  const last = length - 1;
  const column = places[from];
  const ofLast = places[from + last];
  const consecutive = ofLast - column === last ? length : last;
  let to = row * n + column;
  let mirrored = column * n + row;
  for (const end = at + consecutive; at < end; at++, to++, mirrored += n) {
    H[to] = values[at];
    H[mirrored] = values[at];
  }
  if (consecutive === length) return;
  H[row * n + ofLast] = values[at];
  H[ofLast * n + row] = values[at];
}

/**
 * Where a slab of a tap with itself stands: its entry (p,q), (a,b) wherever (p,a) meets (q,b) and (p,b) meets (q,a), by the
 * places of the tap's parameters.
 */
export function scatterDiagonal(
  matrix: Tensor,
  { runs }: DiagonalSlab,
  { data: values }: Tensor,
  { units }: Tap,
  places: Int32Array,
): void {
  const width = places.length / units;
  let at = 0;
  const scatterRow = (p: number, q: number) => {
    for (let run = 0; run < runs.length; run += 3) {
      const a = runs[run];
      const b = runs[run + 1];
      const length = runs[run + 2];
      scatterRun(matrix, places[p * width + a], places, q * width + b, values, at, length);
      if (p < q) scatterRun(matrix, places[q * width + a], places, p * width + b, values, at, length);
      at += length;
    }
  };
  for (let q = 0; q < units; q++) for (let p = 0; p < q; p++) scatterRow(p, q);
  for (let q = 0; q < units; q++) scatterRow(q, q);
}
