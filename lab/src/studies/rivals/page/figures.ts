import { type MethodName, methods } from "../../../experiment/methods.js";
import { methodColors } from "../../../report/colors.js";
import type { DrawnGroup, Figure } from "../../../report/figure.js";
import { tradeOffFigure } from "../../../report/trade-off-figure.js";
import type { GroupResult } from "../../../sweep/results.js";
import { chosenOf } from "../choose.js";
import { only, type ProblemOutcome } from "../results.js";
import { alike } from "../tables.js";
import { frontFigure, triedOf } from "./front-figure.js";

/** The pictures of a problem. @param prefix of their names */
export async function rivalFigures(
  { tuning, comparisons }: ProblemOutcome,
  prefix: string,
): Promise<Figure[]> {
  const { groups } = only(tuning);
  const chosen = chosenOf(only(tuning));
  // One colour a method in all pictures, whatever its settings.
  const colors = methodColors(chosen);
  const drawn = ({ id, family }: GroupResult, runs: DrawnGroup["runs"] = []): DrawnGroup => ({
    id: family,
    label: labelOf(family),
    color: colors.get(chosen.find((group) => group.family === family)?.id ?? id) ?? "#888",
    runs,
  });
  const front: Figure = {
    name: `${prefix}front`,
    caption:
      "What flatness costs: every setting that was tried, mean over the seeds of the tuning. Dashed: the Pareto front, of settings that none beats in both. Ringed: the setting of each method with the least validation loss.",
    svg: await frontFigure(
      triedOf(groups, chosen, ({ family }) => labelOf(family)),
      chosen.map((group) => drawn(group)),
    ),
  };
  const compared = comparisons.map(async ({ budget, results }): Promise<Figure> => {
    const best = only(results).groups.map((group) => drawn(group, group.cells));
    return {
      name: `${prefix}${budget}`,
      caption: `Every method at its best, ${alike[budget]}: one point a seed.`,
      svg: await tradeOffFigure(best),
    };
  });
  return [front, ...(await Promise.all(compared))];
}

function labelOf(family: MethodName): string {
  return methods[family].label;
}
