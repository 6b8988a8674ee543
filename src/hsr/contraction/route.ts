import { requireOneOf } from "../../errors.js";
import { type Tap, widthOf } from "../../hessian/factors.js";
import { triangle } from "../../hessian/triangle.js";

/**
 * How tr H² is summed: over pairs of samples ("gram"), over H's blocks ("blocks"), or block by block in whichever way
 * takes fewer multiply-adds, but over the blocks where pairs would cancel ("auto"). All are exact.
 */
export type Route = "auto" | "gram" | "blocks";

const routes: readonly Route[] = ["auto", "gram", "blocks"];

/** Which way the closed form adds up tr H². */
export interface RouteOptions {
  /** Default "auto". */
  readonly route?: Route | undefined;
}

export function checkRoute(route: Route = "auto"): Route {
  return requireOneOf("route", route, routes);
}

/** The block of H between taps l ≤ m. */
export interface Block {
  readonly m: number;
  readonly l: number;
}

/** All blocks between taps l ≤ m, at the places of `blockAt`. */
export function blocksOf(taps: readonly Tap[]): Block[] {
  return taps.flatMap((_, m) => Array.from({ length: m + 1 }, (_, l) => ({ m, l })));
}

/** How often a block stands in H: also as its mirror image, unless it is on the diagonal. */
export const timesInH = ({ m, l }: Block): number => (l < m ? 2 : 1);

export function blockAt({ m, l }: Block): number {
  return triangle(m) + l;
}

/**
 * How a block's share of tr H² is got: over pairs of samples, from its entries, or, between neighbouring taps, over pairs
 * for X ⊗ a and from entries for the rest, which has few.
 */
export type Way = "pairs" | "entries" | "both";

/** The way of a block for N samples; `neighbours` says whether E between its taps is a diagonal. */
export function wayOf(
  taps: readonly Tap[],
  block: Block,
  neighbours: boolean,
  count: number,
  route: Route,
): Way {
  if (route !== "auto") return route === "gram" ? "pairs" : "entries";
  const costs = costsOf(taps, block, neighbours, count);
  const ways = Object.keys(costs) as Way[];
  return ways.reduce((best, way) => (costs[way] < costs[best] ? way : best));
}

/** Multiply-adds of a block for N samples, in the cheapest way. */
export function workOfBlock(taps: readonly Tap[], block: Block, neighbours: boolean, count: number): number {
  return Math.min(...Object.values(costsOf(taps, block, neighbours, count)));
}

/** Of a pair's entry in a table, or of an entry of a factor that is formed, beside its multiply-adds in products. */
const OVERHEAD = 4;

/** Multiply-adds of one block for N samples by each way that it has. */
function costsOf(
  taps: readonly Tap[],
  { m, l }: Block,
  neighbours: boolean,
  count: number,
): Readonly<Record<Way, number>> {
  const [units, width] = [taps[m].units, widthOf(taps[m])];
  const [below, widthBelow] = [taps[l].units, widthOf(taps[l])];
  const pairs = (count * count) / 2;
  const grams = width + widthBelow + OVERHEAD;
  if (m === l) {
    return {
      pairs: pairs * (triangle(units) + grams),
      entries: count * triangle(width) * (triangle(units) + OVERHEAD),
      both: Number.POSITIVE_INFINITY,
    };
  }
  const distant = neighbours ? 0 : taps[m].inputs;
  return {
    pairs: pairs * (3 * below * (units + distant) + grams),
    entries: neighbours
      ? count * width * widthBelow * (units * below + OVERHEAD)
      : count * units * width * below * (widthBelow + OVERHEAD),
    both: neighbours
      ? pairs * (below * units + grams) + 2 * count * units * below * (widthBelow + OVERHEAD)
      : Number.POSITIVE_INFINITY,
  };
}
