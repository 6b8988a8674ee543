import type { Room } from "./figure.js";

/** About the width of a letter of 12 pixels: without a canvas, texts are not measured. */
const LETTER = 7.4;

/** Room that the longest of some labels takes, pixels. */
export function labelWidth(labels: readonly string[], most = 280): number {
  return Math.min(most, Math.ceil(LETTER * Math.max(0, ...labels.map(({ length }) => length))));
}

/** Room beside the axes, pixels. */
interface Sides {
  readonly left: number;
  readonly right?: number;
  readonly top?: number;
  readonly bottom?: number;
}

/** The size of a plot whose axes and labels fill a room exactly. */
export function plotArea({ width }: Room, height: number, { left, right = 14, top = 8, bottom = 46 }: Sides) {
  return {
    width: width - left - right,
    height,
    autosize: "none" as const,
    padding: { left, right, top, bottom },
  };
}

/** Between the lines of two labels, pixels. */
const LINE = 15;

/** Places of labels that would lie upon each other, moved apart as little as it takes. @param places pixels from the top @param height of the plot */
export function spread(places: readonly number[], height: number): number[] {
  const order = [...places.keys()].sort((a, b) => places[a] - places[b]);
  const moved = [...places];
  let free = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    moved[i] = Math.max(moved[i], free);
    free = moved[i] + LINE;
  }
  let limit = height;
  for (const i of order.reverse()) {
    moved[i] = Math.min(moved[i], limit);
    limit = moved[i] - LINE;
  }
  return moved;
}
