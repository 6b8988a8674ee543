import type { FactorSet, FactorSource } from "../../hessian/factors.js";
import { createFormedBlocks, type FormedBlock, type FormedBlocks } from "./formed-blocks.js";
import type { PairSet } from "./pair-set.js";
import type { PairedBlock } from "./pair-terms.js";
import { createPairs, type PairContraction } from "./pairs.js";
import { blocksOf, type Route, wayOf } from "./route.js";

/** Which of H's blocks are summed over pairs of samples, and which from their entries. */
export interface Plan {
  readonly pairs: PairContraction;
  readonly formed: FormedBlocks;
  /** What the pairs of these factors take, computed for what they hold now. */
  pairSet(factors: FactorSet): PairSet;
}

interface PlanOptions {
  readonly route: Route;
  readonly differentiate: boolean;
  /** Whether all products of pairs are to be shown. Default false. */
  readonly shown?: boolean;
  /** Whether factors may have δ. Default true. */
  readonly residual?: boolean;
}

/** Makes plans, each when it is first wanted. @param samples of a chunk at most */
export function createPlans(source: FactorSource, samples: number): (options: PlanOptions) => Plan {
  const plans = new Map<string, Plan>();
  return ({ route, differentiate, shown = false, residual = true }) => {
    const key = `${route} ${differentiate} ${shown} ${residual}`;
    const plan = plans.get(key) ?? createPlan(source, samples, { route, differentiate, shown, residual });
    plans.set(key, plan);
    return plan;
  };
}

function createPlan(
  source: FactorSource,
  samples: number,
  { route, differentiate, shown, residual }: Required<PlanOptions>,
): Plan {
  const { taps, weights, isDiagonal } = source;
  const paired: PairedBlock[] = [];
  const formed: FormedBlock[] = [];
  /** What pairs of all blocks have beside those that are summed. */
  const others: PairedBlock[] = [];
  for (const block of blocksOf(taps)) {
    const way = wayOf(taps, block, isDiagonal(block.m, block.l), weights.length, route);
    if (way === "entries") {
      formed.push({ ...block, whole: true });
      others.push({ ...block, of: "all" });
      continue;
    }
    const divided = way === "both";
    paired.push({ ...block, of: !divided && residual ? "all" : "inputs" });
    if (!divided) continue;
    others.push({ ...block, of: "rest" });
    if (residual) formed.push({ ...block, whole: false });
  }
  const pairs = createPairs(paired, samples, differentiate && paired.length > 0, shown ? others : []);
  const sets = new Map<FactorSet, PairSet>();
  return {
    pairs,
    formed: createFormedBlocks(source, formed, samples, residual),
    pairSet(factors) {
      const set = sets.get(factors) ?? pairs.prepare(factors);
      sets.set(factors, set);
      pairs.fill(set);
      return set;
    },
  };
}
