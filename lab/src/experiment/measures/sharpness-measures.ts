import {
  adaptiveSharpnessOf,
  DEVIATION,
  epsilonSharpnessOf,
  expectedSharpnessOf,
  normalizedSharpnessOf,
  POWER_STARTS,
  powerOf,
  RADIUS,
  RELATIVE_RADIUS,
  relativeFlatnessOf,
  sumsOf,
  trainingLambdaOf,
} from "./estimates.js";
import type { Measure, MeasureGroup } from "./measure.js";

type Row = Pick<Measure, "id" | "label" | "explanation" | "of"> & Partial<Pick<Measure, "format">>;

const rows = (group: MeasureGroup, list: readonly Row[]): Measure[] =>
  list.map((row) => ({ format: "number", ...row, group, reproducible: true, onRequest: true }));

/** How sharp a minimum is, in the senses of the literature (docs/landscape.md), on the samples of curvature. */
export const sharpnessMeasures: readonly Measure[] = [
  ...rows("sharpness", [
    {
      id: "powerLambda",
      label: "|λ|max, power",
      explanation: `eigenvalue of largest magnitude by power iteration, the largest of ${POWER_STARTS} starts`,
      of: (subject) => powerOf(subject).value,
    },
    {
      id: "lambdaMaxTraining",
      label: "λ_max, training",
      explanation:
        "λ_max of the loss in which batch normalization goes by the sample's own statistics, which move with the parameters; λ_max itself for networks without",
      of: trainingLambdaOf,
    },
    {
      id: "trace",
      label: "tr H",
      explanation:
        "in closed form or from all eigenvalues; elsewhere the largest ten, and an estimate of what the others add",
      of: (subject) => sumsOf(subject).trace.value,
    },
    {
      id: "frobenius",
      label: "‖H‖_F",
      explanation: "root of tr H², likewise",
      of: (subject) => sumsOf(subject).frobenius.value,
    },
    {
      id: "epsilonSharpness",
      label: "ε-sharpness",
      explanation: `the most that the loss rises within ${RADIUS} of the parameters, by projected gradient ascent`,
      of: (subject) => epsilonSharpnessOf(subject).value,
    },
    {
      id: "epsilonQuadratic",
      label: "½ε²λ_max",
      explanation: "what ε-sharpness would be at a minimum, to second order",
      of: (subject) => epsilonSharpnessOf(subject).quadratic,
    },
    {
      id: "expectedSharpness",
      label: "expected",
      explanation: `mean rise of the loss under Gaussian noise of deviation ${DEVIATION} in every parameter`,
      of: (subject) => expectedSharpnessOf(subject).value,
    },
    {
      id: "adaptiveSharpness",
      label: "adaptive",
      explanation: `the most that the loss rises where every parameter moves relative to itself, by ${RELATIVE_RADIUS} in all`,
      of: (subject) => adaptiveSharpnessOf(subject).value,
    },
    {
      id: "normalizedSharpness",
      label: "normalized",
      explanation: "λ_max where every parameter is measured in units of its filter",
      of: (subject) => normalizedSharpnessOf(subject).value,
    },
    {
      id: "relativeFlatness",
      label: "rel. flatness",
      explanation: "Σ over layers of ⟨w_s, w_s'⟩ tr H_{s,s'} over pairs of rows of weights; small is flat",
      of: (subject) => relativeFlatnessOf(subject).value,
    },
    {
      id: "isotropy",
      label: "isotropy",
      explanation: "(Σλ)²/(n Σλ²) over the positive eigenvalues: 1 for a sphere, 1/n for a ravine",
      of: (subject) => sumsOf(subject).participation.value,
    },
  ]),
  ...rows("certainty", [
    {
      id: "lambdaMaxResidual",
      label: "λ_max",
      explanation: "‖Hv − λ_max v‖ by Lanczos: an eigenvalue is this near; 0 where all were computed",
      of: ({ extremes }) => extremes.largest.residual,
    },
    {
      id: "powerResidual",
      label: "|λ|max, power",
      explanation: "the same for power iteration",
      of: (subject) => powerOf(subject).residual,
    },
    {
      id: "powerSpread",
      label: "spread",
      explanation: `largest less smallest |λ|max over the ${POWER_STARTS} starts, over the largest`,
      of: (subject) => powerOf(subject).spread,
    },
    {
      id: "powerProducts",
      label: "products",
      format: "count",
      explanation: `H·v that power iteration took, over all ${POWER_STARTS} starts`,
      of: (subject) => powerOf(subject).products,
    },
    {
      id: "traceError",
      label: "tr H",
      explanation: "standard error of the estimate; 0 where it is exact",
      of: (subject) => sumsOf(subject).trace.error,
    },
    {
      id: "frobeniusError",
      label: "‖H‖_F",
      explanation: "likewise",
      of: (subject) => sumsOf(subject).frobenius.error,
    },
    {
      id: "ascentGap",
      label: "ε-sharpness",
      explanation: "what the best ascent could still gain, to first order",
      of: (subject) => bestGap(epsilonSharpnessOf(subject)),
    },
    {
      id: "adaptiveGap",
      label: "adaptive",
      explanation: "likewise",
      of: (subject) => bestGap(adaptiveSharpnessOf(subject)),
    },
    {
      id: "expectedError",
      label: "expected",
      explanation: "standard error",
      of: (subject) => expectedSharpnessOf(subject).error,
    },
    {
      id: "flatnessError",
      label: "rel. flatness",
      explanation: "standard error",
      of: (subject) => relativeFlatnessOf(subject).error,
    },
    {
      id: "isotropyError",
      label: "isotropy",
      explanation: "standard error, to first order",
      of: (subject) => sumsOf(subject).participation.error,
    },
  ]),
];

/** Of the ascent that got highest; 0 where the parameters themselves are highest. */
function bestGap({ value, ascents }: ReturnType<typeof epsilonSharpnessOf>): number {
  return ascents.find(({ to }) => to === value)?.gap ?? 0;
}
