import { contours } from "d3-contour";
import type { Context, Size } from "./plot.js";

export type Outline = ReturnType<ReturnType<typeof contours>>[number];

/** The areas of a grid (rows · columns) that lie above each threshold. */
export function outlines(
  values: ArrayLike<number>,
  [columns, rows]: readonly [number, number],
  thresholds: readonly number[],
): Outline[] {
  return contours()
    .size([columns, rows])
    .thresholds([...thresholds])(values as number[]);
}

/**
 * Where a point of an outline lies on a picture whose edges are the grid's outermost points. Outlines close themselves half
 * a cell further out, where nobody sees it.
 */
export function placer(
  [columns, rows]: readonly [number, number],
  { width, height }: Size,
  upwards: boolean,
): (x: number, y: number) => [number, number] {
  return (x, y) => {
    const down = (y - 0.5) / (rows - 1);
    return [((x - 0.5) / (columns - 1)) * width, (upwards ? 1 - down : down) * height];
  };
}

/** Lays an outline as the path of a canvas; `place` takes a point of the grid to one of the canvas. */
export function trace(
  context: Context,
  { coordinates }: Outline,
  place: (x: number, y: number) => [number, number],
): void {
  context.beginPath();
  for (const polygon of coordinates)
    for (const ring of polygon) {
      ring.forEach(([x, y], i) => {
        const [a, b] = place(x, y);
        if (i === 0) context.moveTo(a, b);
        else context.lineTo(a, b);
      });
      context.closePath();
    }
}
