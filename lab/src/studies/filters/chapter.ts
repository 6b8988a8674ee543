import type { SweepFigure } from "../../report/sweep-figures.js";
import { edgesFigure, filteredSpectraFigure } from "./figures.js";

export { filtersText as text } from "./text.js";

export const title = "Runs and filters";

/** Runs that a scatter is worth. */
const FEWEST = 20;

export const figures: readonly SweepFigure[] = [
  {
    name: "edges",
    title: "λ_max against the edge of the filter",
    needs: ["filterEdge", "lambdaMax"],
    caption:
      "Filters at work: one mark a run, a circle where it converged and a cross where not; the dashed line is where λ_max equals the edge. No run can converge above it; sharp starting points make many end just below.",
    worthwhile: ({ counts }) => counts.done >= FEWEST,
    draw: edgesFigure,
  },
  {
    name: "filtered-spectra",
    title: "Whole spectra against filters",
    needs: ["filterEdge", "eigenvalues"],
    caption:
      "Whole spectra against filters: every eigenvalue of every converged run as a tick, over the edge of its filter; crosses are the largest eigenvalues of runs that have not converged. No tick stands right of 1.",
    worthwhile: ({ counts }) => counts.done >= FEWEST,
    draw: filteredSpectraFigure,
  },
];
