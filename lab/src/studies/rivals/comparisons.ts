import { hasDiverged } from "../../experiment/status.js";
import type { CellResult, GroupResult, ProblemResult } from "../../sweep/results.js";
import { type Comparison, holm } from "./holm.js";

/** What is compared, and how: by ratios, as for what is positive, or by differences. */
export const compared = [
  { id: "lambdaMax", label: "λ_max", as: "ratio" },
  { id: "trainLoss", label: "training loss", as: "ratio" },
  { id: "testLoss", label: "test loss", as: "ratio" },
  { id: "testAccuracy", label: "test accuracy", as: "difference" },
  { id: "noisyAccuracy", label: "with noise", as: "difference" },
  { id: "shiftedAccuracy", label: "shifted", as: "difference" },
] as const;

export type ComparedId = (typeof compared)[number]["id"];

/** A rival, and HSR against it: a ratio HSR/rival (geometric mean over seeds), or a difference HSR − rival. */
export interface RivalComparison {
  readonly rival: GroupResult;
  readonly by: Readonly<Record<ComparedId, Comparison>>;
}

/** HSR's group; nothing where it is not among them. */
export function hsrOf({ groups }: Pick<ProblemResult, "groups">): GroupResult | undefined {
  return groups.find(({ family }) => family === "hsr");
}

/** HSR against every other method, seed by seed, corrected for all of these comparisons. Runs that diverged have no partner. */
export function comparisonsOf(problem: Pick<ProblemResult, "groups">): RivalComparison[] {
  const hsr = hsrOf(problem);
  if (hsr === undefined) return [];
  const rivals = problem.groups.filter((group) => group !== hsr);
  const differences = rivals.flatMap((rival) => {
    const pairs = pairsOf(hsr, rival);
    return compared.map(({ id, as }) => {
      const of = ({ measures }: CellResult) => (as === "ratio" ? Math.log(measures[id]) : measures[id]);
      return pairs.map(([own, other]) => of(own) - of(other));
    });
  });
  const all = holm(differences);
  return rivals.map((rival, r) => ({
    rival,
    by: Object.fromEntries(
      compared.map(({ id, as }, c) => {
        const one = all[r * compared.length + c];
        return [id, as === "ratio" ? exponential(one) : one];
      }),
    ) as Record<ComparedId, Comparison>,
  }));
}

/** Cells of the same seed, of which neither diverged. */
function pairsOf(hsr: GroupResult, rival: GroupResult): [CellResult, CellResult][] {
  const partner = new Map(rival.cells.map((cell) => [cell.seed, cell]));
  return hsr.cells.flatMap((cell) => {
    const other = partner.get(cell.seed);
    return other === undefined || hasDiverged(cell) || hasDiverged(other) ? [] : [[cell, other]];
  });
}

function exponential({ mean, interval, p }: Comparison): Comparison {
  return {
    mean: Math.exp(mean),
    interval: interval && [Math.exp(interval[0]), Math.exp(interval[1])],
    p,
  };
}

/** −1 where HSR is lower, for all that it was compared with, 1 where it is higher, 0 where that is not clear. */
export function sideOf({ interval }: Comparison, neutral: number): -1 | 0 | 1 {
  if (interval === null) return 0;
  if (interval[1] < neutral) return -1;
  return interval[0] > neutral ? 1 : 0;
}
