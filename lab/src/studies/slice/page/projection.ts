import type { HeightGrid } from "./grid.js";
import { ramp } from "./ramp.js";

/** Pixels of a unit of length, and around the surface. */
const UNIT = 360;
const PADDING = 4;
/** Squares a side, at most. */
const MOST = 40;
/** How far to the side, and from how high, it is looked at, in radians. */
const TURN = 0.6;
const TILT = 0.55;
/** The surface's height, where its base has sides of 1. */
const RISE = 0.75;

/** A still view of a surface from the side: its squares from back to front. */
export function surfaceView(heights: HeightGrid, colours: HeightGrid): string {
  const [us, vs] = [samples(heights.width), samples(heights.height)];
  const [lift, tone] = [unit(heights), unit(colours)];
  const [sine, cosine] = [-heights.lowSide[0] * Math.sin(TURN), -heights.lowSide[1] * Math.cos(TURN)];
  const corner = (u: number, v: number) => {
    const [p, q] = [u / (heights.width - 1) - 0.5, v / (heights.height - 1) - 0.5];
    const away = p * sine + q * cosine;
    const up = RISE * (lift(heights.at(u, v)) - 0.5) * Math.cos(TILT) + away * Math.sin(TILT);
    return {
      away,
      x: round(UNIT * (p * cosine - q * sine)),
      y: round(-UNIT * up),
    };
  };
  const points = vs.map((v) => us.map((u) => corner(u, v)));
  const squares: { readonly away: number; readonly shape: string }[] = [];
  for (let j = 1; j < vs.length; j++) {
    for (let i = 1; i < us.length; i++) {
      const corners = [points[j - 1][i - 1], points[j - 1][i], points[j][i], points[j][i - 1]];
      const middle = tone(colours.at((us[i - 1] + us[i]) / 2, (vs[j - 1] + vs[j]) / 2));
      squares.push({
        away: Math.max(...corners.map(({ away }) => away)),
        shape: `<polygon points="${corners.map(({ x, y }) => `${x},${y}`).join(" ")}" fill="${rampColour(middle)}"/>`,
      });
    }
  }
  squares.sort((a, b) => b.away - a.away);
  const [left, right, top, bottom] = [
    extent(points.flat().map(({ x }) => x)),
    extent(points.flat().map(({ y }) => y)),
  ].flat();
  const [width, height] = [right - left + 2 * PADDING, bottom - top + 2 * PADDING];
  const shapes = squares.map(({ shape }) => shape).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left - PADDING} ${top - PADDING} ${width} ${height}" width="${width}" height="${height}"><g stroke="#1d2329" stroke-width="0.5" stroke-opacity="0.45" stroke-linejoin="round">${shapes}</g></svg>`;
}

function extent(values: readonly number[]): [least: number, most: number] {
  return [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))];
}

/** At most so many places along a side, ends included. */
function samples(count: number): number[] {
  const steps = Math.min(MOST, count - 1);
  return Array.from({ length: steps + 1 }, (_, i) => (i * (count - 1)) / steps);
}

/** Positions to [0, 1]. */
function unit({ positions }: HeightGrid): (position: number) => number {
  const low = positions.reduce((least, p) => Math.min(least, p));
  const reach = positions.reduce((most, p) => Math.max(most, p)) - low;
  return (position) => (reach > 0 ? (position - low) / reach : 0);
}

/** Between the ramp's colours. */
function rampColour(share: number): string {
  const at = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const i = Math.min(Math.floor(at), ramp.length - 2);
  const channel = (color: string, k: number) => Number.parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16);
  const parts = [0, 1, 2].map((k) =>
    Math.round((1 - at + i) * channel(ramp[i], k) + (at - i) * channel(ramp[i + 1], k)),
  );
  return `rgb(${parts.join(",")})`;
}

const round = (value: number): number => Math.round(10 * value) / 10;
