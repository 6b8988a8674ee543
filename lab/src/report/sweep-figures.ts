import { edgesFigure, filteredSpectraFigure } from "../studies/filters/figures.js";
import { frameworkMeasures } from "../studies/framework/framework.js";
import { gapFigure } from "../studies/framework/gap-figure.js";
import { boundsFigure, factorsFigure, outliersFigure } from "../studies/tightness/figures.js";
import { measuresOf } from "../sweep/description.js";
import type { SweepResults } from "../sweep/results.js";
import type { Store } from "../sweep/store.js";
import { type Figure, MOST_DRAWN } from "./figures.js";
import { overviewFigure } from "./overview-figure.js";

/** One picture of a whole sweep: drawn where what it needs was measured, and where it says more than a table. */
interface SweepFigureKind {
  readonly name: string;
  readonly needs: readonly string[];
  readonly caption: string;
  worthwhile(results: SweepResults): boolean;
  draw(results: SweepResults, store: Pick<Store, "record">): Promise<string>;
}

const rowsOf = ({ problems }: SweepResults) =>
  problems.reduce((sum, { groups }) => sum + groups.filter(({ cells }) => cells.length > 0).length, 0);
const MOST_ROWS = 80;
/** Cells that make a distribution. */
const FEW = 20;
/** Cells that a scatter is worth. */
const FEWEST = 4;
const cellsOf = ({ counts }: SweepResults) => counts.done;
const bounds = ["tightness", "fourMomentsRatio"];

/** Every picture of a sweep as a whole, in the order of the report. A new one is one row. */
const kinds: readonly SweepFigureKind[] = [
  {
    name: "bounds",
    needs: bounds,
    caption:
      "How tight every bound on λ_max is, over all networks: box from quartile to quartile, whiskers to the extremes.",
    worthwhile: (results) => cellsOf(results) >= FEW,
    draw: boundsFigure,
  },
  {
    name: "outliers",
    needs: ["tightness", "effectiveOutliers"],
    caption:
      "The WS bound against Σλ²/λ_max², as many outliers equal to λ_max as would give tr H²: one point a network. The dashed line is the root of that number, which is ‖H‖_F/λ_max; how far WS lies below it is what tr H is worth.",
    worthwhile: (results) => cellsOf(results) >= FEW,
    draw: outliersFigure,
  },
  {
    name: "factors",
    needs: ["tightness", "effectiveOutliers"],
    caption:
      "What the tightness of the WS bound depends on, one factor at a time over all values of the others: median and quartiles.",
    worthwhile: (results) => cellsOf(results) >= FEW && results.problems.length > 1,
    draw: factorsFigure,
  },
  {
    name: "edges",
    needs: ["filterEdge", "lambdaMax"],
    caption:
      "Filters at work: one mark a run, the dashed line is where λ_max equals the edge. No run can converge above it; sharp starting points make many end just below.",
    worthwhile: (results) => cellsOf(results) >= FEW,
    draw: edgesFigure,
  },
  {
    name: "generalization",
    needs: frameworkMeasures,
    caption:
      "Every measure against the generalization gap, one mark a run: colour is the configuration, shape the network. Clouds of one colour and shape are seeds; what lies between clouds is what network and optimizer do to both at once.",
    worthwhile: (results) => cellsOf(results) >= FEWEST,
    draw: gapFigure,
  },
  {
    name: "filtered-spectra",
    needs: ["filterEdge", "eigenvalues"],
    caption:
      "Whole spectra against filters: every eigenvalue of every converged run as a tick, over the edge of its filter; crosses are the largest eigenvalues of runs that have not converged. No tick stands right of 1.",
    worthwhile: (results) => cellsOf(results) >= FEW,
    draw: filteredSpectraFigure,
  },
  {
    name: "overview",
    needs: [],
    caption:
      "Every group at a glance. Dots: one seed each; upright marks: their mean; lines: its 95 % confidence interval (Student).",
    worthwhile: (results) =>
      (results.problems.length > 1 || results.problems[0].groups.length > MOST_DRAWN) &&
      rowsOf(results) > 0 &&
      rowsOf(results) <= MOST_ROWS,
    draw: overviewFigure,
  },
];

/** The pictures of a sweep as a whole. */
export async function sweepFigures(results: SweepResults, store: Pick<Store, "record">): Promise<Figure[]> {
  const measures = measuresOf(results.description);
  const figures: Figure[] = [];
  for (const { name, needs, caption, worthwhile, draw } of kinds)
    if (needs.every((id) => measures.includes(id)) && worthwhile(results))
      figures.push({ name, caption, svg: await draw(results, store) });
  return figures;
}
