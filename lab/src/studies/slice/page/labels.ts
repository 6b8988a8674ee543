import type { Pixel } from "./overlays.js";
import type { ValueScale } from "./scale.js";

/** A contour's label, in pixels. */
export interface ContourLabel extends Pixel {
  readonly level: number;
}

/** Rays from the centre on which labels are sought. */
const RAYS = 24;
/** Between two labels, and from the frame, pixels. */
const DISTANCE = 44;
const EDGE = 18;

/**
 * A place for the label of every contour that has one: where a ray from the middle crosses it, away from the others.
 * @param heightAt of the surface at a point in pixels, as a position on the scale
 * @param taken where other things stand
 */
export function contourLabels(
  { levels, position }: ValueScale,
  width: number,
  height: number,
  heightAt: (x: number, y: number) => number,
  taken: readonly Pixel[],
): ContourLabel[] {
  const labels: ContourLabel[] = [];
  for (const [i, level] of levels.entries()) {
    // Neighbouring contours begin on other rays.
    const place = crossingsOf(position(level), i, width, height, heightAt).find(([x, y]) =>
      [...labels, ...taken].every((other) => Math.hypot(other.x - x, other.y - y) >= DISTANCE),
    );
    if (place) labels.push({ x: place[0], y: place[1], level });
  }
  return labels;
}

/** Crossings of one contour with the rays. */
function crossingsOf(
  level: number,
  turn: number,
  width: number,
  height: number,
  heightAt: (x: number, y: number) => number,
): [number, number][] {
  const reach = Math.hypot(width, height) / 2;
  const crossings: [number, number][] = [];
  for (let ray = 0; ray < RAYS; ray++) {
    const angle = (2 * Math.PI * ((ray + 5 * turn) % RAYS)) / RAYS + 0.3;
    let before = heightAt(width / 2, height / 2) - level;
    for (let r = 1; r < reach; r++) {
      const [x, y] = [width / 2 + r * Math.cos(angle), height / 2 - r * Math.sin(angle)];
      if (x < EDGE || x > width - EDGE || y < EDGE || y > height - EDGE) break;
      const now = heightAt(x, y) - level;
      if (before * now <= 0 && before !== now) crossings.push([x, y]);
      before = now;
    }
  }
  return crossings;
}
