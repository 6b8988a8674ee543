import { citationOf } from "../../../data/sources.js";
import { networkDetails } from "../../../experiment/network/text.js";
import { escapeHtml } from "../../../report/escape.js";
import { formatNumber } from "../../../report/format.js";
import { definitions, type Fact, figureBlock, pageOf, section } from "../../../report/parts.js";
import type { SpectrumDocument } from "./document.js";
import { spectrumFacts, spectrumFinding } from "./facts.js";
import { type SpectrumTable, spectrumTables } from "./tables.js";

/** A picture of the page. */
export interface SpectrumFigure {
  readonly name: string;
  readonly caption: string;
  readonly svg: string;
}

/** A spectrum as one page that needs nothing else: no script, no network. */
export function spectrumPage(document: SpectrumDocument, figures: readonly SpectrumFigure[]): string {
  const { data, result } = document;
  const title = `The Hessian's spectrum: ${data.name}, ${result.parameters} parameters`;
  return pageOf({
    title,
    kicker: "spectrum",
    heading: title,
    lead: `<p class="finding">${escapeHtml(spectrumFinding(result))}</p>`,
    body: [
      ...figures.map(figureBlock),
      section("At a glance", definitions(spectrumFacts(result))),
      ...spectrumTables(result).map(tableSection),
      section("How it was made", definitions(settings(document))),
    ].join("\n"),
  });
}

function tableSection({ title, head, alignment, rows, note }: SpectrumTable): string {
  const left = (column: number) => (alignment[column] === "left" ? ' style="text-align:left"' : "");
  const heads = head.map((name, i) => `<th${left(i)}>${escapeHtml(name)}</th>`).join("");
  const body = rows.map(([first, ...cells]) => {
    const data = cells.map((cell, i) => `<td${left(i + 1)}>${escapeHtml(cell)}</td>`);
    return `<tr><th scope="row">${escapeHtml(first)}</th>${data.join("")}</tr>`;
  });
  return section(
    title,
    `<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>
${body.join("\n")}
</tbody></table></div>
<p class="note">${escapeHtml(note)}</p>`,
  );
}

function settings({ data, config, training, options, sha256, engine, provenance }: SpectrumDocument): Fact[] {
  const { network, method } = config;
  const citation = citationOf(data.name);
  const { name, ...hyperparameters } = method;
  const batch =
    config.training.batchSize === "full" ? "full batch" : `batches of ${config.training.batchSize}`;
  const seconds = provenance.phases.map(({ phase, seconds: spent }) => `${phase}: ${spent.toFixed(2)} s`);
  return [
    [
      "data",
      `${data.name}: ${data.samples} samples, ${data.features} features, ${data.classes.length} classes of “${data.label}”${citation ? ` (${citation})` : ""}`,
    ],
    ["data SHA-256", data.sha256],
    ["network", networkDetails(network, data)],
    [
      "training",
      `${name} (${Object.entries(hyperparameters)
        .map(([key, value]) => `${key} ${formatNumber(Number(value))}`)
        .join(
          ", ",
        )}), ${training.steps} steps, ${batch}, seed ${config.seed}, ${config.training.testFraction * 100} % held out${training.status === "non-finite" ? "; it diverged, and this is its last finite point" : ""}`,
    ],
    ["cell", `${training.cell} by flatward ${training.engine}, SHA-256 ${training.sha256}`],
    ["theta SHA-256", training.thetaSha256],
    [
      "spectrum",
      `seed ${options.seed}, ${options.top} eigenvalues at either end, ${options.samples} samples, ${options.probes} probes of ${options.lanczosSteps} Lanczos steps, H formed up to n = ${options.denseLimit}`,
    ],
    ["versions", `flatward ${engine}, Node ${provenance.node}, V8 ${provenance.v8}`],
    ["machine", `${provenance.platform}, ${provenance.processor}`],
    ["computing", seconds.join("; ")],
    ["SHA-256", `${sha256} — the same network, options and flatward give the same hash, bit for bit`],
  ];
}
