import { requireOneOf } from "../errors.js";
import { type Tap, widthOf } from "../hessian/factors.js";
import { triangle } from "../hessian/packed.js";

/**
 * How tr H² is summed: over pairs of samples ("gram"), over H's blocks ("blocks"), or block by block in whichever way
 * takes fewer multiply-adds, but over the blocks where pairs would cancel ("auto"). All are exact.
 */
export type Route = "auto" | "gram" | "blocks";

const routes: readonly Route[] = ["auto", "gram", "blocks"];

export interface RouteOptions {
  /** Default "auto". */
  readonly route?: Route;
}

export function checkRoute(route: Route = "auto"): Route {
  return requireOneOf("route", route, routes);
}

/** The block of H between taps l ≤ m; those with l < m stand in H twice. */
export interface Block {
  readonly m: number;
  readonly l: number;
}

/** All blocks between taps l ≤ m, at the places of `blockAt`. */
export function blocksOf(taps: readonly Tap[]): Block[] {
  return taps.flatMap((_, m) => Array.from({ length: m + 1 }, (_, l) => ({ m, l })));
}

export function blockAt({ m, l }: Block): number {
  return triangle(m) + l;
}

/** Which blocks a route takes over pairs of samples. */
export function isPaired(taps: readonly Tap[], block: Block, count: number, route: Route): boolean {
  if (route !== "auto") return route === "gram";
  const { pairs, formed } = blockCosts(taps, block, count);
  return pairs < formed;
}

/** Multiply-adds of one block for N samples, each way. */
function blockCosts(taps: readonly Tap[], { m, l }: Block, count: number): { pairs: number; formed: number } {
  const [units, width] = [taps[m].units, widthOf(taps[m])];
  const [below, widthBelow] = [taps[l].units, widthOf(taps[l])];
  const everyPair = (count * count) / 2;
  if (m === l)
    return {
      pairs: everyPair * (triangle(units) + width),
      formed: count * triangle(units) * (triangle(width) + 1),
    };
  const distant = l < m - 1 ? taps[m].inputs : 0;
  return {
    pairs: everyPair * (3 * below * (units + distant) + width + widthBelow),
    formed: count * units * width * below * (widthBelow + 1),
  };
}
