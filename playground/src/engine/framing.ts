import type { Frame2 } from "./input-plane.js";

/**
 * The part of a plane that holds all points with a margin around them, both axes in one scale.
 * @param points (N,2) @param aspect width by height @param margin share of the larger half that is left free on either side
 */
export function framing(points: ArrayLike<number>, aspect: number, margin: number): Frame2 {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < points.length; at++) {
    low[at % 2] = Math.min(low[at % 2], points[at]);
    high[at % 2] = Math.max(high[at % 2], points[at]);
  }
  const middle = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2] as const;
  const tall = Math.max((high[0] - low[0]) / 2 / aspect, (high[1] - low[1]) / 2);
  const half = tall === 0 ? 1 : tall * (1 + margin);
  return { middle, half: [half * aspect, half] };
}
