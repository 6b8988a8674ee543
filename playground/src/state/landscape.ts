import type { PlaneGrid, Snapshot } from "../engine/api.js";
import type { Frame2 } from "../engine/input-plane.js";
import { evenly, onPlane, type Plane, planeThrough, viewOf } from "./plane.js";

/** Columns and rows of the grid that the loss is computed on. */
export const LOSS_GRID = [42, 36] as const;

/** The loss on the plane through the start and both ends. */
export interface Landscape {
  readonly plane: Plane;
  readonly view: Frame2;
  /** From the lowest row up: (rows · columns). */
  readonly losses: Float64Array;
}

export type LandscapeFrame = Omit<Landscape, "losses">;

/** The plane of both paths, and the part of it that holds them. */
export function frameOf([plain, other]: readonly [readonly Snapshot[], readonly Snapshot[]]): LandscapeFrame {
  const ends = [plain, other].map((path) => path[path.length - 1].theta);
  const plane = planeThrough(plain[0].theta, ends[0], ends[1]);
  const points = [plain, other].flatMap((path) => path.map(({ theta }) => onPlane(plane, theta)));
  return { plane, view: viewOf(points, LOSS_GRID[0] / LOSS_GRID[1]) };
}

/** The grid in two halves, one a worker, from the lowest row up. */
export function halvesOf({ plane, view: { middle, half } }: LandscapeFrame): readonly [PlaneGrid, PlaneGrid] {
  const columns = evenly(middle[0], half[0], LOSS_GRID[0]);
  const rows = evenly(middle[1], half[1], LOSS_GRID[1]);
  const cut = LOSS_GRID[1] / 2;
  return [
    { ...plane, columns, rows: rows.slice(0, cut) },
    { ...plane, columns, rows: rows.slice(cut) },
  ];
}
