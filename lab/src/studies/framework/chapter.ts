import type { SweepFigure } from "../../report/sweep-figures.js";
import { frameworkMeasures } from "./framework.js";
import { gapFigure } from "./gap-figure.js";
import { variantFigure } from "./variant-figure.js";
import { variantsOf } from "./variants.js";

export { frameworkText as text } from "./text.js";

export const title = "The framework";

/** Runs that a scatter is worth. */
const FEWEST = 4;

export const figures: readonly SweepFigure[] = [
  {
    name: "variants",
    title: "λ_max over that of the same network without",
    needs: frameworkMeasures,
    caption:
      "What normalization and shortcuts do to sharpness: λ_max over that of the same network without them, mean over seeds and one standard deviation, right of 1 where minima are sharper. Hollow: the same of normalized sharpness, which rescaling of weights does not change.",
    worthwhile: (results) => variantsOf(results).some(({ group }) => group.cells.length > 0),
    draw: variantFigure,
  },
  {
    name: "generalization",
    title: "Every measure against the generalization gap",
    needs: frameworkMeasures,
    caption:
      "Every measure against the generalization gap, one mark a run: colour is the configuration, shape the network. Clouds of one colour and shape are seeds; what lies between clouds is what network and optimizer do to both at once.",
    worthwhile: ({ counts }) => counts.done >= FEWEST,
    draw: gapFigure,
  },
];
