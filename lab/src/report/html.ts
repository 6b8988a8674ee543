import { citationOf } from "../data/catalog.js";
import type { Comparison } from "../experiment/compare.js";
import { measures } from "../experiment/measures.js";
import { methodColors } from "./colors.js";
import type { Figure } from "./figures.js";
import { mainFinding } from "./findings.js";
import { formatSummary } from "./format.js";
import { style } from "./style.js";

/** The whole comparison as one page that needs nothing else: no script, no network. */
export function comparisonReport(comparison: Comparison, figures: readonly Figure[]): string {
  const { data, plan } = comparison;
  const spread =
    plan.seeds.length > 1 ? `Mean ± standard deviation over ${plan.seeds.length} seeds` : "One seed";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>flatward: ${escapeHtml(data.name)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="kicker">flatward compare</p>
<h1>How sharp are the minima? ${escapeHtml(capitalize(data.name))}, ${data.samples} samples</h1>
<p class="finding">${escapeHtml(mainFinding(comparison))}</p>
</header>

<section>
<h2>Methods side by side</h2>
${table(comparison, "fit")}
${table(comparison, "curvature")}
<p class="note">${spread}; every seed draws its own split and starting point, the same for all methods.
Eigenvalues are those of the exact Hessian of the training loss (without penalties) at the end of training, all ${comparison.parameters} of them.
${measures.map((measure) => `<b>${escapeHtml(measure.label)}</b>: ${escapeHtml(measure.explanation)}.`).join(" ")}</p>
</section>

${figures.map(figureBlock).join("\n")}

<section>
<h2>What was run</h2>
${settings(comparison)}
</section>
</main>
</body>
</html>
`;
}

function table(comparison: Comparison, group: "fit" | "curvature"): string {
  const shown = measures.filter((measure) => measure.group === group);
  const colors = methodColors(comparison.methods);
  const head = shown
    .map((measure) => `<th title="${escapeHtml(measure.explanation)}">${escapeHtml(measure.label)}</th>`)
    .join("");
  const rows = comparison.methods.map(({ id, label, summary, runs }) => {
    const failed = runs.filter((run) => run.status === "non-finite").length;
    const warning = failed > 0 ? ` <span class="warning">${failed} diverged</span>` : "";
    const cells = shown
      .map((measure) => `<td>${escapeHtml(formatSummary(summary[measure.id], measure.format))}</td>`)
      .join("");
    return `<tr><th scope="row"><span class="swatch" style="background:${colors.get(id)}"></span>${escapeHtml(label)}${warning}</th>${cells}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th>method</th>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

function figureBlock({ name, svg, caption }: Figure): string {
  return `<figure id="${name}"><div class="scroll" role="img" aria-label="${escapeHtml(caption)}">${svg}</div><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

function settings({ data, plan, parameters, methods, provenance, sha256 }: Comparison): string {
  const citation = citationOf(data.name);
  const rows: [string, string][] = [
    [
      "data",
      `${data.name}: ${data.samples} samples, ${data.features} features, ${data.classes.length} classes of “${data.label}”${citation ? ` (${citation})` : ""}`,
    ],
    ["data SHA-256", data.sha256],
    [
      "network",
      `${data.features} → ${plan.hidden} ${plan.activation} → ${data.classes.length}, ${plan.loss}, ${parameters} parameters`,
    ],
    [
      "training",
      `${plan.steps} steps, ${plan.batchSize === undefined ? "full batch" : `mini-batches of ${plan.batchSize}`}, learning rate ${plan.learningRate}, momentum ${plan.momentum}`,
    ],
    ["held out", `${plan.testFraction * 100} % of every class, features standardised by the training part`],
    ["seeds", plan.seeds.join(", ")],
    [
      "methods",
      methods
        .map(
          (method) =>
            `${method.label} (${Object.entries(method.hyperparameters)
              .map(([name, value]) => `${name} ${value}`)
              .join(", ")})`,
        )
        .join("; "),
    ],
    ["versions", `flatward ${provenance.flatward}, Node ${provenance.node}, V8 ${provenance.v8}`],
    ["machine", `${provenance.platform}, ${provenance.processor}`],
    ["finished", `${provenance.finished}, after ${provenance.seconds} s`],
    ["results SHA-256", `${sha256} — the same data, settings and seeds give the same hash, bit for bit`],
  ];
  return `<dl>${rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("\n")}</dl>`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
