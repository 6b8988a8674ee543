import { type MethodName, methods } from "../../../experiment/methods.js";
import { methodColors } from "../../../report/colors.js";
import { type DrawnGroup, type Figure, figureOf } from "../../../report/figure.js";
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
  const front = await figureOf(
    {
      name: `${prefix}front`,
      title: "Every setting that was tried",
      caption:
        "What flatness costs: every setting that was tried, mean over the seeds of the tuning. Dashed: the Pareto front, of settings that none beats in both. Ringed: the setting of each method with the least validation loss.",
    },
    (room) =>
      frontFigure(
        triedOf(groups, chosen, ({ family }) => labelOf(family)),
        chosen.map((group) => drawn(group)),
        room,
      ),
  );
  const compared = comparisons.map(({ budget, results }) =>
    figureOf(
      {
        name: `${prefix}${budget}`,
        title: `Every method at its best, ${alike[budget]}`,
        caption: `Every method at its best, ${alike[budget]}: one point a seed.`,
      },
      (room) =>
        tradeOffFigure(
          only(results).groups.map((group) => drawn(group, group.cells)),
          room,
        ),
    ),
  );
  return [front, ...(await Promise.all(compared))];
}

function labelOf(family: MethodName): string {
  return methods[family].label;
}
