import { citationOf } from "../data/sources.js";
import { settingsOf } from "../experiment/methods.js";
import { networkDetails } from "../experiment/network/text.js";
import { spaced } from "../sweep/groups.js";
import type { ProblemResult, SweepResults } from "../sweep/results.js";
import { escapeHtml } from "./escape.js";

/** What a problem was: data, network, training, methods. */
export function problemSettings({ data, network, training, parameters, groups }: ProblemResult): string {
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
        `${training.steps} steps`,
        training.batchSize === "full" ? "full batch" : `mini-batches of ${training.batchSize}`,
        ...(training.gradientTolerance > 0
          ? [`or until the gradient's norm is ${training.gradientTolerance}`]
          : []),
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
          const settings = Object.entries(settingsOf(method)).map(
            ([name, value]) => `${spaced(name)} ${value}`,
          );
          return `${label} (${settings.join(", ")})`;
        })
        .join("; "),
    ],
  ]);
}

function scalingText(scaling: ProblemResult["training"]["scaling"]): string {
  if (scaling === "none") return "as they are";
  if (scaling === "standardize") return "standardised by the training part";
  return `all less ${scaling.mean}, over ${scaling.deviation}`;
}

/** With what the sweep was run. */
export function sweepSettings({ provenance, engine, effort, sha256, description }: SweepResults): string {
  const seeds = Array.isArray(description.seeds)
    ? description.seeds.join(", ")
    : `${description.seeds.count} from ${description.seeds.first}`;
  return definitions([
    ["seeds", seeds],
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

function definitions(rows: readonly (readonly [string, string])[]): string {
  return `<dl>${rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("\n")}</dl>`;
}
