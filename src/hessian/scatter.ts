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
 * Where a slab of a tap with itself stands: its entry (p,q), (a,b) wherever (p,a) meets (q,b) and (p,b) meets (q,a), by the
 * places of the tap's parameters.
 */
export function scatterDiagonal(
  matrix: Tensor,
  { from, first, second }: DiagonalSlab,
  { data: values, shape: [, columns] }: Tensor,
  { units }: Tap,
  places: Int32Array,
): void {
  const n = matrix.shape[0];
  const H = matrix.data;
  const width = places.length / units;
  const scatterRow = (p: number, q: number, row: number) => {
    for (let c = 0, at = row * columns; c < columns; c++, at++) {
      const value = values[at];
      const pa = places[p * width + first[from + c]];
      const pb = places[p * width + second[from + c]];
      const qa = places[q * width + first[from + c]];
      const qb = places[q * width + second[from + c]];
      H[pa * n + qb] = value;
      H[qb * n + pa] = value;
      H[pb * n + qa] = value;
      H[qa * n + pb] = value;
    }
  };
  let row = 0;
  for (let q = 0; q < units; q++) for (let p = 0; p < q; p++) scatterRow(p, q, row++);
  for (let q = 0; q < units; q++) scatterRow(q, q, row++);
}
