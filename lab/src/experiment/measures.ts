import { lossAndGradient, spectralMoments, wsBounds } from "flatward";
import { accuracyOf } from "./accuracy.js";
import { boundMeasures } from "./bound-measures.js";
import { filterMeasures } from "./filter-measures.js";
import type { Measure } from "./measure.js";
import { recordings } from "./recordings.js";
import { robustnessMeasures } from "./robustness-measures.js";
import type { Subject } from "./subject.js";

/** An eigenvalue counts as negative below −NEGATIVE_THRESHOLD · max |λ|: rounding leaves about 1e-15 of it. */
export const NEGATIVE_THRESHOLD = 1e-8;

const smallest = ({ eigenvalues }: Subject): number => eigenvalues[0] ?? Number.NaN;
const largest = ({ eigenvalues }: Subject): number => eigenvalues[eigenvalues.length - 1] ?? Number.NaN;

const wsBound = ({ net, theta, train }: Subject): number =>
  wsBounds(spectralMoments(net, theta, train)).largest.upper;

/** Every number measured of a trained network. A new one is one row. */
export const measures: readonly Measure[] = [
  {
    id: "trainLoss",
    label: "train loss",
    group: "fit",
    format: "number",
    reproducible: true,
    explanation: "mean training loss, without any penalty",
    of: ({ net, theta, train }) => lossAndGradient(net, theta, train).loss,
  },
  {
    id: "testLoss",
    label: "test loss",
    group: "fit",
    format: "number",
    reproducible: true,
    explanation: "mean loss on the held-out samples",
    of: ({ net, theta, test }) => lossAndGradient(net, theta, test).loss,
  },
  {
    id: "testAccuracy",
    label: "test accuracy",
    group: "fit",
    format: "percent",
    reproducible: true,
    explanation: "share of held-out samples whose most probable class is right",
    of: ({ net, theta, test }) => accuracyOf(net, theta, test),
  },
  {
    id: "gradientNorm",
    label: "‖∇loss‖",
    group: "fit",
    format: "number",
    reproducible: true,
    explanation: "norm of the gradient of the training loss, without any penalty",
    of: ({ net, theta, train }) =>
      Math.sqrt(lossAndGradient(net, theta, train).gradient.reduce((sum, g) => sum + g * g, 0)),
  },
  {
    id: "millisecondsPerStep",
    label: "ms/step",
    group: "fit",
    format: "number",
    reproducible: false,
    explanation: "median wall-clock time of a training step on this machine",
    of: ({ millisecondsPerStep }) => millisecondsPerStep,
  },
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
    of: (subject) => largest(subject) - smallest(subject),
  },
  {
    id: "negative",
    label: "negative",
    group: "curvature",
    format: "count",
    reproducible: true,
    explanation: `number of eigenvalues below −${NEGATIVE_THRESHOLD} · max |λ|`,
    of(subject) {
      const size = Math.max(Math.abs(smallest(subject)), Math.abs(largest(subject)));
      if (Number.isNaN(size)) return size;
      return subject.eigenvalues.filter((value) => value < -NEGATIVE_THRESHOLD * size).length;
    },
  },
  {
    id: "wsBound",
    label: "WS bound",
    group: "curvature",
    format: "number",
    reproducible: true,
    explanation: "Wolkowicz–Styan upper bound on λ_max, from tr H and tr H² in closed form",
    of: wsBound,
  },
  {
    id: "tightness",
    label: "WS/λ_max",
    group: "curvature",
    format: "ratio",
    reproducible: true,
    explanation: "the bound over what it bounds, ≥ 1 where λ_max > 0",
    of: (subject) => wsBound(subject) / largest(subject),
  },
  ...robustnessMeasures,
  ...boundMeasures,
  ...filterMeasures,
];

/** Whatever can be measured, by the name that a plan uses. */
export const measureIds: readonly string[] = [...measures.map(({ id }) => id), ...Object.keys(recordings)];

/** What is measured when a plan does not say: what is dear, or of interest to one study alone, is left out. */
export const usualMeasures = measureIds.filter(
  (id) => id !== "sharpness" && [...boundMeasures, ...filterMeasures].every((measure) => measure.id !== id),
);
