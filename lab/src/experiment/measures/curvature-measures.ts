import { upperBoundOf } from "./estimates.js";
import type { Measure } from "./measure.js";
import type { MeasuredNetwork } from "./measured-network.js";

/** An eigenvalue counts as negative below −NEGATIVE_THRESHOLD · max |λ|: rounding leaves about 1e-15 of it. */
export const NEGATIVE_THRESHOLD = 1e-8;

const smallest = ({ extremes }: MeasuredNetwork): number => extremes.smallest.value;
const largest = ({ extremes }: MeasuredNetwork): number => extremes.largest.value;

/** The spectrum of the Hessian where training ended. */
export const curvatureMeasures: readonly Measure[] = [
  {
    id: "lambdaMin",
    label: "λ_min",
    group: "curvature",
    format: "number",
    reproducible: true,
    explanation: "smallest eigenvalue of the Hessian of the training loss",
    of: smallest,
  },
  {
    id: "lambdaMax",
    label: "λ_max",
    group: "curvature",
    format: "number",
    reproducible: true,
    explanation: "largest eigenvalue of the Hessian of the training loss",
    of: largest,
  },
  {
    id: "spectralRange",
    label: "λ_max − λ_min",
    group: "curvature",
    format: "number",
    reproducible: true,
    explanation: "range of the eigenvalues of the Hessian of the training loss",
    of: (network) => largest(network) - smallest(network),
  },
  {
    id: "negative",
    label: "negative",
    group: "curvature",
    format: "count",
    reproducible: true,
    needs: "whole spectrum",
    explanation: `number of eigenvalues below −${NEGATIVE_THRESHOLD} · max |λ|`,
    of(network) {
      const size = Math.max(Math.abs(smallest(network)), Math.abs(largest(network)));
      if (Number.isNaN(size)) return size;
      return network.eigenvalues.filter((value) => value < -NEGATIVE_THRESHOLD * size).length;
    },
  },
  {
    id: "wsBound",
    label: "WS bound",
    group: "curvature",
    format: "number",
    reproducible: true,
    needs: "moments",
    explanation:
      "Wolkowicz–Styan upper bound on λ_max, from tr H and tr H² in closed form; of networks that have none, an estimate, which may lie below λ_max",
    of: (network) => upperBoundOf(network).value,
  },
  {
    id: "tightness",
    label: "WS/λ_max",
    group: "curvature",
    format: "ratio",
    reproducible: true,
    needs: "moments",
    explanation: "the bound over what it bounds, ≥ 1 where λ_max > 0",
    of: (network) => upperBoundOf(network).value / largest(network),
  },
];
