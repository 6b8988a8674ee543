import { requireOneOf } from "../errors.js";
import type { FinishedHiddenPass } from "../nn/dense/one-hidden-layer.js";
import { blocksContraction } from "./blocks.js";
import { gramContraction } from "./gram.js";
import type { MomentTerms, Term } from "./terms.js";

/**
 * How tr H² is summed: over pairs of samples ("gram"), over H's blocks ("blocks"), or term by term in whichever way
 * takes fewer multiply-adds ("auto"). All are exact.
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

/** Multiply-adds of one term by each route, for N samples. */
function termCosts({ f, feature }: Term, count: number): { gram: number; blocks: number } {
  const { u, v } = feature;
  const inner = f.width + u.shape[1] + (v === undefined || v === u ? 0 : v.shape[1]);
  return { gram: (count * count * inner) / 2, blocks: count * feature.width * (f.width + 1) };
}

/** tr H² of filled terms; with `differentiate`, its derivative is added to their adjoints. */
export function contract(
  finished: FinishedHiddenPass,
  terms: MomentTerms,
  route: Route,
  differentiate: boolean,
): number {
  const byGram = terms.list.filter((term) => {
    if (route !== "auto") return route === "gram";
    const { gram, blocks } = termCosts(term, finished.batch.count);
    return gram < blocks;
  });
  const byBlocks = terms.list.filter((term) => !byGram.includes(term));
  const square =
    (byGram.length > 0 ? gramContraction(byGram, finished, terms, differentiate) : 0) +
    blocksContraction(byBlocks, finished, terms, differentiate);
  // One term is subtracted, so rounding could leave a small negative number.
  return Math.max(square, 0);
}
