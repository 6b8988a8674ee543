import type { Measure } from "../../experiment/measures/measure.js";
import { measures } from "../../experiment/measures/measures.js";
import type { MethodConfig } from "../../experiment/methods.js";
import { hasDiverged } from "../../experiment/status.js";
import { measuresOf } from "../../sweep/description.js";
import type { CellResult, GroupResult, ProblemResult, SweepResults } from "../../sweep/results.js";
import { type Correlation, pearson, pearsonWithin, spearman } from "./correlation.js";

/** One way to train, with what the document reports of it on MNIST: 60,000 training images, 5 epochs. */
export interface Configuration {
  readonly letter: "A" | "B" | "C";
  readonly label: string;
  readonly method: Pick<MethodConfig, "name" | "learningRate" | "weightDecay">;
  readonly reported: Readonly<Record<"testAccuracy" | "testLoss" | "powerLambda", number>>;
}

/** S., "Comprehensive Framework for Analyzing Neural Network Loss Landscape Geometry and Optimization Dynamics", 2025. */
export const configurations: readonly Configuration[] = [
  {
    letter: "A",
    label: "A: SGD 0.1, decay 1e−5",
    method: { name: "weight-decay", learningRate: 0.1, weightDecay: 1e-5 },
    reported: { testAccuracy: 0.9814, testLoss: 0.0573, powerLambda: 9.14 },
  },
  {
    letter: "B",
    label: "B: SGD 0.001, decay 1e−3",
    method: { name: "weight-decay", learningRate: 0.001, weightDecay: 1e-3 },
    reported: { testAccuracy: 0.9172, testLoss: 0.2753, powerLambda: 246.19 },
  },
  {
    letter: "C",
    label: "C: Adam 0.001, decay 1e−5",
    method: { name: "adam", learningRate: 0.001, weightDecay: 1e-5 },
    reported: { testAccuracy: 0.989, testLoss: 0.0357, powerLambda: 6.26 },
  },
];

/** Measures that the study needs. */
export const frameworkMeasures: readonly string[] = [
  ...["testLoss", "testAccuracy", "generalizationGap", "gradientNorm", "lambdaMin", "lambdaMax"],
  ...["powerLambda", "powerSpread", "filterEdge", "edgeShare", "normalizedSharpness", "trace"],
];

/** Whether a sweep has the study's measures. */
export function hasFramework({ description }: Pick<SweepResults, "description">): boolean {
  return frameworkMeasures.every((id) => measuresOf(description).includes(id));
}

/** The document's configuration that a method is, if it is one. */
export function configurationOf({ method }: Pick<GroupResult, "method">): Configuration | undefined {
  return configurations.find(({ method: { name, learningRate, weightDecay } }) =>
    [
      method.name === name,
      method.learningRate === learningRate,
      method.weightDecay === weightDecay,
      (method.momentum ?? 0) === 0,
    ].every(Boolean),
  );
}

/** What a method is called in the study. */
export function labelOf(group: Pick<GroupResult, "method" | "label">): string {
  return configurationOf(group)?.label ?? group.label;
}

/** The same in a letter or two. */
export function shortLabelOf(group: Pick<GroupResult, "method" | "label">): string {
  return configurationOf(group)?.letter ?? group.label;
}

/** How a measure correlates with the generalization gap. */
export interface GapCorrelation {
  readonly measure: Measure;
  readonly pearson: Correlation;
  readonly spearman: Correlation;
  /** With differences between networks and between methods taken away. */
  readonly within: Correlation;
}

/** A run with a measure and a gap. */
export interface GapPoint {
  readonly value: number;
  readonly gap: number;
  readonly problem: ProblemResult;
  readonly group: GroupResult;
}

/** The runs of several problems in one measure. One that diverged is left out: its last finite point is nowhere. */
export function gapPoints(problems: readonly ProblemResult[], id: string): GapPoint[] {
  return problems
    .flatMap((problem) =>
      problem.groups.flatMap((group) =>
        group.cells.filter(ended).map(({ measures: of }) => ({
          value: of[id],
          gap: of.generalizationGap,
          problem,
          group,
        })),
      ),
    )
    .filter(({ value, gap }) => Number.isFinite(value) && Number.isFinite(gap));
}

/** Whether a run's measures mean something: it did not diverge. */
export function ended(cell: Pick<CellResult, "status">): boolean {
  return !hasDiverged(cell);
}

/**
 * The correlation of every measure of curvature and sharpness with the generalization gap over the runs that have both.
 * @param problems whose runs are taken together
 */
export function gapCorrelations(problems: readonly ProblemResult[]): GapCorrelation[] {
  return gapCandidates(problems).map((measure) => {
    const points = gapPoints(problems, measure.id);
    const x = points.map(({ value }) => value);
    const y = points.map(({ gap }) => gap);
    const groups = points.map(({ problem, group }) => `${problem.label} ${group.id}`);
    return {
      measure,
      pearson: pearson(x, y),
      spearman: spearman(x, y),
      within: pearsonWithin(x, y, groups),
    };
  });
}

/** The measures that are correlated with the gap: those of the point itself, not their standard errors and residuals. */
export function gapCandidates(problems: readonly Pick<ProblemResult, "measures">[]): Measure[] {
  return measures.filter(
    ({ id, group }) =>
      (id === "gradientNorm" || group === "curvature" || group === "sharpness") &&
      problems.some((problem) => problem.measures.includes(id)),
  );
}
