import type { SweepFigure } from "../../report/sweep-figures.js";
import type { SweepResults } from "../../sweep/results.js";
import { boundsFigure, factorsFigure, outliersFigure } from "./figures.js";

export { boundsText as text } from "./text.js";

export const title = "Bounds on λ_max";

/** Cells that make a distribution. */
const FEWEST = 20;
const isDistribution = ({ counts }: SweepResults) => counts.done >= FEWEST;

export const figures: readonly SweepFigure[] = [
  {
    name: "bounds",
    title: "How tight every bound is",
    needs: ["tightness", "fourMomentsRatio"],
    caption:
      "How tight every bound on λ_max is, over all networks: box from quartile to quartile, whiskers to the extremes.",
    worthwhile: isDistribution,
    draw: boundsFigure,
  },
  {
    name: "outliers",
    title: "The WS bound by the number of outliers",
    needs: ["tightness", "effectiveOutliers"],
    caption:
      "The WS bound against Σλ²/λ_max², as many outliers equal to λ_max as would give tr H²: one point a network. The dashed line is the root of that number, which is ‖H‖_F/λ_max; how far WS lies below it is what tr H is worth.",
    worthwhile: isDistribution,
    draw: outliersFigure,
  },
  {
    name: "factors",
    title: "What the tightness of WS depends on",
    needs: ["tightness", "effectiveOutliers"],
    caption:
      "What the tightness of the WS bound depends on, one factor at a time over all values of the others: median and quartiles.",
    worthwhile: (results) => isDistribution(results) && results.problems.length > 1,
    draw: factorsFigure,
  },
];
