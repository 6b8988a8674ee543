import type { Room } from "../../../report/figure.js";
import { plotArea } from "../../../report/plot-area.js";
import { curveHeight, labelled, toSvg } from "../../../report/vega.js";
import type { Density } from "../density.js";

/** Standard errors on either side. */
const BAND = 2;
/** Below this share of what one eigenvalue alone would be, a density is nothing. */
const FLOOR = 0.01;
/** Ticks that the axis is divided into; more would not be seen. */
const SPOTS = 600;

/**
 * The spectral density on a logarithmic scale, its band of standard errors, and ticks for eigenvalues.
 * @param eigenvalues all of them, or those that are known
 * @param count n
 */
export function densityFigure(
  { grid, density, standardErrors, exact, width }: Density,
  eigenvalues: readonly number[],
  count: number,
  room: Room,
): Promise<string> {
  const height = curveHeight(room);
  const floor = FLOOR / (count * width * Math.sqrt(2 * Math.PI));
  const curve = grid.map((t, i) => ({
    t,
    density: Math.max(density[i], floor),
    low: Math.max(density[i] - BAND * standardErrors[i], floor),
    high: Math.max(density[i] + BAND * standardErrors[i], floor),
    exact: Math.max(exact?.[i] ?? floor, floor),
  }));
  const from = grid[0];
  const to = grid[grid.length - 1];
  const top = curve.reduce((most, { high, exact: peak }) => Math.max(most, high, peak), floor);
  const spots = new Set(eigenvalues.map((value) => Math.round((SPOTS * (value - from)) / (to - from))));
  const x = {
    field: "t",
    type: "quantitative" as const,
    title: "eigenvalue of the Hessian",
    scale: { domain: [from, to], nice: false },
    axis: { grid: false, tickCount: room.narrow ? 5 : 8 },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative" as const,
    title: "density",
    scale: { type: "log" as const, domain: [floor, 2 * top], nice: false },
    axis: { values: powersOfTen(floor, 2 * top), format: "~g", labelOverlap: true as const, ...labelled },
  });
  return toSvg({
    ...plotArea(room, height, { left: 62 }),
    data: { values: curve },
    layer: [
      {
        mark: { type: "area", color: "var(--accent)", opacity: 0.22 },
        encoding: { x, y: y("low"), y2: { field: "high" } },
      },
      ...(exact
        ? [
            {
              mark: { type: "line" as const, color: "var(--ink)", strokeWidth: 1.1, strokeDash: [4, 3] },
              encoding: { x, y: y("exact") },
            },
          ]
        : []),
      {
        mark: { type: "line", color: "var(--accent)", strokeWidth: 2 },
        encoding: { x, y: y("density") },
      },
      {
        data: { values: [...spots].map((spot) => ({ t: from + (spot / SPOTS) * (to - from) })) },
        mark: {
          type: "tick",
          orient: "vertical",
          size: 12,
          thickness: 1.2,
          color: "var(--ink)",
          opacity: 0.6,
        },
        encoding: { x, y: { value: height - 7 } },
      },
    ],
  });
}

/** Those between two positive numbers. */
function powersOfTen(from: number, to: number): number[] {
  const first = Math.ceil(Math.log10(from));
  const count = Math.floor(Math.log10(to)) - first + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, i) => Number(`1e${first + i}`));
}
