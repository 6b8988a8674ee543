import { ArgumentError, type StableInterval, stableSpectrum } from "flatward";
import { norm } from "flatward/tensor";
import { upperEdge } from "./filter-edge.js";
import type { Measure } from "./measure.js";
import type { MeasuredNetwork } from "./measured-network.js";

/** Relative to max |λ|: how far outside its filter an eigenvalue must lie to count. Convergence is not perfect. */
const OUTSIDE_THRESHOLD = 1e-4;

/** The eigenvalues of H at which the method's fixed points are stable; none where no filter of H is known. */
function filterOf({
  optimizer,
  trainObjective,
  theta,
  l2,
}: MeasuredNetwork): readonly StableInterval[] | undefined {
  if (optimizer === undefined) return undefined;
  // What was minimised has H + l2·I.
  const ofLoss = (intervals: readonly StableInterval[]) =>
    intervals.map(({ lower, upper }) => ({ lower: lower - l2, upper: upper - l2 }));
  try {
    if (optimizer.name !== "sam") return ofLoss(stableSpectrum(optimizer));
    const gradient = trainObjective.gradient(theta).map((g, i) => g + l2 * theta[i]);
    const gradientNorm = norm(gradient);
    return gradientNorm > 0 ? ofLoss(stableSpectrum(optimizer, { gradientNorm })) : undefined;
  } catch (error) {
    if (error instanceof ArgumentError) return undefined;
    throw error;
  }
}

/** The upper end of the interval that begins at 0. */
function edge(network: MeasuredNetwork): number {
  return upperEdge(filterOf(network));
}

/** How a spectrum compares with the filter of the optimizer that found it (Bolte, Le & Pauwels, arXiv 2510.09034). */
export const filterMeasures: readonly Measure[] = [
  {
    id: "filterEdge",
    label: "edge",
    group: "filter",
    format: "number",
    reproducible: true,
    onRequest: true,
    explanation:
      "largest eigenvalue at which the optimizer's fixed points are stable, from its hyperparameters, less the weight of ½‖θ‖² where there is one; none where something else than the loss is minimised",
    of: edge,
  },
  {
    id: "edgeShare",
    label: "λ_max/edge",
    group: "filter",
    format: "ratio",
    reproducible: true,
    onRequest: true,
    explanation: "largest eigenvalue over the edge; at most 1 where the filter holds",
    of: (network) => network.extremes.largest.value / edge(network),
  },
  {
    id: "outsideFilter",
    label: "outside",
    group: "filter",
    format: "count",
    reproducible: true,
    onRequest: true,
    needs: "whole spectrum",
    explanation: `number of eigenvalues outside the filter by more than ${OUTSIDE_THRESHOLD} · max |λ|, negative ones included`,
    of(network) {
      const filter = filterOf(network);
      const { eigenvalues } = network;
      if (filter === undefined || eigenvalues.length === 0) return Number.NaN;
      const size = Math.max(Math.abs(eigenvalues[0]), Math.abs(eigenvalues[eigenvalues.length - 1]));
      const room = OUTSIDE_THRESHOLD * size;
      return eigenvalues.filter((value) =>
        filter.every(({ lower, upper }) => value < lower - room || value > upper + room),
      ).length;
    },
  },
];
