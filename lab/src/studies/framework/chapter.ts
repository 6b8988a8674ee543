import type { SweepFigure } from "../../report/sweep-figures.js";
import { frameworkMeasures } from "./framework.js";
import { gapFigure } from "./gap-figure.js";

export { frameworkSection as section } from "./section.js";

/** Runs that a scatter is worth. */
const FEWEST = 4;

export const figures: readonly SweepFigure[] = [
  {
    name: "generalization",
    needs: frameworkMeasures,
    caption:
      "Every measure against the generalization gap, one mark a run: colour is the configuration, shape the network. Clouds of one colour and shape are seeds; what lies between clouds is what network and optimizer do to both at once.",
    worthwhile: ({ counts }) => counts.done >= FEWEST,
    draw: gapFigure,
  },
];
