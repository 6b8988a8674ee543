import type { FunctionId } from "../functions.js";
import type { SliceDocument } from "./document.js";
import type { ValueScale } from "./scale.js";

/** A function over a plane, as positions on a scale. */
export interface HeightGrid {
  readonly width: number;
  readonly height: number;
  /** Row by row, y ascending. */
  readonly positions: readonly number[];
  /** Points where the function is not finite. */
  readonly missing: readonly { readonly column: number; readonly row: number }[];
  /** The side of the plane, along x and along y, where the function is lower: from there a slope is seen. */
  readonly lowSide: readonly [x: -1 | 1, y: -1 | 1];
  /** Between the points, bilinearly; u from 0 to width − 1, v from 0 to height − 1. */
  at(u: number, v: number): number;
}

export function heightGrid({ axes, values }: SliceDocument, id: FunctionId, scale: ValueScale): HeightGrid {
  const [width, height] = axes.map(({ length }) => length);
  const list = values[id] ?? [];
  const positions = list.map(scale.position);
  return {
    width,
    height,
    positions,
    lowSide: [
      sideOf((i) => (i % width) - (width - 1) / 2, positions),
      sideOf((i) => Math.floor(i / width) - (height - 1) / 2, positions),
    ],
    missing: list.flatMap((value, i) =>
      value === null ? [{ column: i % width, row: Math.floor(i / width) }] : [],
    ),
    at(u, v) {
      const i = Math.min(Math.max(Math.floor(u), 0), width - 2);
      const j = Math.min(Math.max(Math.floor(v), 0), height - 2);
      const [s, t] = [u - i, v - j];
      const row = (k: number) => (1 - s) * positions[k * width + i] + s * positions[k * width + i + 1];
      return (1 - t) * row(j) + t * row(j + 1);
    },
  };
}

/** The sign of the coordinate towards which values fall; of even ones, the front. */
function sideOf(coordinate: (index: number) => number, positions: readonly number[]): -1 | 1 {
  const rise = positions.reduce((sum, position, i) => sum + position * coordinate(i), 0);
  return rise < 0 ? 1 : -1;
}
