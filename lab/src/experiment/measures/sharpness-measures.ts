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
  upperBoundOf,
} from "./estimates.js";
import type { Measure, MeasureGroup } from "./measure.js";
import type { Estimate, MeasuredNetwork } from "./measured-network.js";

type Row = Pick<Measure, "id" | "label" | "explanation" | "of"> & Partial<Pick<Measure, "format">>;

const traceOf = (network: MeasuredNetwork) => sumsOf(network).trace;
const frobeniusOf = (network: MeasuredNetwork) => sumsOf(network).frobenius;
const participationOf = (network: MeasuredNetwork) => sumsOf(network).participation;

const value = (
  id: string,
  label: string,
  estimate: (network: MeasuredNetwork) => { readonly value: number },
  explanation: string,
): Row => ({ id, label, explanation, of: (network) => estimate(network).value });

const error = (
  id: string,
  label: string,
  estimate: (network: MeasuredNetwork) => Estimate,
  explanation = "standard error",
): Row => ({ id, label, explanation, of: (network) => estimate(network).error });

const gap = (id: string, label: string, sharpness: typeof epsilonSharpnessOf, explanation: string): Row => ({
  id,
  label,
  explanation,
  of: (network) => bestGap(sharpness(network)),
});

const rows = (group: MeasureGroup, list: readonly Row[]): Measure[] =>
  list.map((row) => ({ format: "number", ...row, group, reproducible: true, onRequest: true }));

/** How sharp a minimum is, in the senses of the literature (docs/theory/landscape.md), on the samples of curvature. */
export const sharpnessMeasures: readonly Measure[] = [
  ...rows("sharpness", [
    value(
      "powerLambda",
      "|λ|max, power",
      powerOf,
      `eigenvalue of largest magnitude by power iteration, the largest of ${POWER_STARTS} starts`,
    ),
    {
      id: "lambdaMaxTraining",
      label: "λ_max, training",
      explanation:
        "λ_max of the loss in which batch normalization goes by the sample's own statistics, which move with the parameters; λ_max itself for networks without",
      of: trainingLambdaOf,
    },
    value(
      "trace",
      "tr H",
      traceOf,
      "in closed form or from all eigenvalues; elsewhere the largest ten, and an estimate of what the others add",
    ),
    value("frobenius", "‖H‖_F", frobeniusOf, "root of tr H², likewise"),
    value(
      "epsilonSharpness",
      "ε-sharpness",
      epsilonSharpnessOf,
      `the most that the loss rises within ${RADIUS} of the parameters, by projected gradient ascent`,
    ),
    {
      id: "epsilonQuadratic",
      label: "½ε²λ_max",
      explanation: "what ε-sharpness would be at a minimum, to second order",
      of: (network) => epsilonSharpnessOf(network).quadratic,
    },
    value(
      "expectedSharpness",
      "expected",
      expectedSharpnessOf,
      `mean rise of the loss under Gaussian noise of deviation ${DEVIATION} in every parameter`,
    ),
    value(
      "adaptiveSharpness",
      "adaptive",
      adaptiveSharpnessOf,
      `the most that the loss rises where every parameter moves relative to itself, by ${RELATIVE_RADIUS} in all`,
    ),
    value(
      "normalizedSharpness",
      "normalized",
      normalizedSharpnessOf,
      "λ_max where every parameter is measured in units of its filter",
    ),
    value(
      "relativeFlatness",
      "rel. flatness",
      relativeFlatnessOf,
      "Σ over layers of ⟨w_s, w_s'⟩ tr H_{s,s'} over pairs of rows of weights; small is flat",
    ),
    value(
      "isotropy",
      "isotropy",
      participationOf,
      "(Σλ)²/(n Σλ²) over the positive eigenvalues: 1 for a sphere, 1/n for a ravine",
    ),
  ]),
  ...rows("certainty", [
    {
      id: "lambdaMaxResidual",
      label: "residual of λ_max",
      explanation: "‖Hv − λ_max v‖ by Lanczos: an eigenvalue is this near; 0 where all were computed",
      of: ({ extremes }) => extremes.largest.residual,
    },
    {
      id: "powerResidual",
      label: "|λ|max, power",
      explanation: "the same for power iteration",
      of: (network) => powerOf(network).residual,
    },
    {
      id: "powerSpread",
      label: "spread",
      explanation: `largest less smallest |λ|max over the ${POWER_STARTS} starts, over the largest`,
      of: (network) => powerOf(network).spread,
    },
    {
      id: "powerProducts",
      label: "products",
      format: "count",
      explanation: `H·v that power iteration took, over all ${POWER_STARTS} starts`,
      of: (network) => powerOf(network).products,
    },
    error("traceError", "tr H", traceOf, "standard error of the estimate; 0 where it is exact"),
    error("frobeniusError", "‖H‖_F", frobeniusOf, "likewise"),
    error("wsBoundError", "WS bound", upperBoundOf, "likewise, to first order"),
    gap(
      "ascentGap",
      "ε-sharpness",
      epsilonSharpnessOf,
      "what the best ascent could still gain, to first order",
    ),
    gap("adaptiveGap", "adaptive", adaptiveSharpnessOf, "likewise"),
    error("expectedError", "expected", expectedSharpnessOf),
    error("flatnessError", "rel. flatness", relativeFlatnessOf),
    error("isotropyError", "isotropy", participationOf, "standard error, to first order"),
  ]),
];

/** Of the ascent that got highest; 0 where the parameters themselves are highest. */
function bestGap({ value, ascents }: ReturnType<typeof epsilonSharpnessOf>): number {
  return ascents.find(({ to }) => to === value)?.gap ?? 0;
}
