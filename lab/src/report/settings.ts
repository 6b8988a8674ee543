import type { SafeHtml } from "@remix-run/html-template";
import { citationOf } from "../data/sources.js";
import { methods } from "../experiment/methods.js";
import { networkDetails } from "../experiment/network/text.js";
import type { Budget } from "../sweep/budget.js";
import { settingsInWords } from "../sweep/groups.js";
import type { ProblemResult, SweepResults } from "../sweep/results.js";
import { counted, formatNumber } from "./format.js";
import { definitions } from "./parts.js";

/** What every method gets: `1500 steps`, or what these cost. */
export function budgetText(budget: Budget, steps: number): string {
  const ofDescent = `${steps} steps of gradient descent take`;
  switch (budget) {
    case "steps":
      return `${steps} steps`;
    case "gradients":
      return `as many gradients as ${ofDescent}`;
    case "time":
      return `as much time as ${ofDescent}`;
  }
}

/** What a problem was: data, network, training, methods. */
export function problemSettings(
  { data, network, training, parameters, groups }: ProblemResult,
  budget: Budget,
): SafeHtml {
  const citation = citationOf(data.name);
  return definitions([
    [
      "data",
      `${data.name}: ${data.samples} samples, ${data.features} features, ${data.classes.length} classes of “${data.label}”${citation ? ` (${citation})` : ""}`,
    ],
    ["data SHA-256", data.sha256],
    ["network", `${networkDetails(network, data)}${parameters === null ? "" : `, ${parameters} parameters`}`],
    [
      "training",
      [
        budgetText(budget, training.steps),
        training.batchSize === "full" ? "full batch" : `mini-batches of ${training.batchSize}`,
        ...(training.gradientTolerance > 0
          ? [`or until the gradient's norm is ${training.gradientTolerance}`]
          : []),
        ...(training.perturbations > 0
          ? [`for 100 steps, and so again after ${counted(training.perturbations, "perturbation")}`]
          : []),
        ...(training.l2 > 0 ? [`½·${training.l2}·‖θ‖² beside the loss`] : []),
        ...(training.samples === undefined ? [] : [`${training.samples} samples of the training part`]),
        ...(training.labelNoise > 0
          ? [`${100 * training.labelNoise} % of the training labels made wrong`]
          : []),
      ].join(", "),
    ],
    [
      "held out",
      data.testSamples === undefined
        ? `${training.testFraction * 100} % of every class`
        : `${data.testSamples} samples, the test part that the data come with`,
    ],
    ["features", scalingText(training.scaling)],
    [
      "methods",
      groups
        .map(({ label, method }) => {
          const own = method.steps === undefined ? [] : [`${method.steps} steps`];
          return `${label} (${[...settingsInWords(method), ...own].join(", ")})`;
        })
        .join("; "),
    ],
  ]);
}

function costText({ method, milliseconds, reference }: NonNullable<SweepResults["costs"]>[number]): string {
  return `${methods[method].label} ${formatNumber(milliseconds)} ms, ${formatNumber(milliseconds / reference)} of gradient descent's`;
}

function scalingText(scaling: ProblemResult["training"]["scaling"]): string {
  if (scaling === "none") return "as they are";
  if (scaling === "standardize") return "standardised by the training part";
  return `all less ${scaling.mean}, over ${scaling.deviation}`;
}

/** With what the sweep was run. */
export function sweepSettings({
  provenance,
  engine,
  effort,
  sha256,
  description,
  costs = [],
}: SweepResults): SafeHtml {
  const seeds = Array.isArray(description.seeds)
    ? description.seeds.join(", ")
    : `${description.seeds.count} from ${description.seeds.first}`;
  return definitions([
    ["seeds", seeds],
    ...(costs.length === 0
      ? []
      : [["a step takes, measured before", costs.map(costText).join("; ")] as const]),
    ["versions", `flatward ${engine}, Node ${provenance.node}, V8 ${provenance.v8}`],
    ["machine", `${provenance.platform}, ${provenance.processor}`],
    [
      "computing",
      `${effort.cpuSeconds.toFixed(1)} s of CPU time, ${effort.wallSeconds.toFixed(1)} s of wall time over all cells, peak memory of a process ${Math.round(effort.peakMemoryBytes / 1e6)} MB`,
    ],
    [
      "results SHA-256",
      sha256 === null
        ? "not yet: cells are missing"
        : `${sha256} — the same plan and the same flatward give the same hash, bit for bit`,
    ],
  ]);
}
