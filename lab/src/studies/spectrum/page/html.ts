import { html, type SafeHtml } from "@remix-run/html-template";
import { citationOf } from "../../../data/sources.js";
import { networkDetails } from "../../../experiment/network/text.js";
import { divergenceNote } from "../../../experiment/status.js";
import { formatNumber } from "../../../report/format.js";
import { definitions, type Fact, figureBlock, lines, pageOf, section } from "../../../report/parts.js";
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
    lead: html`<p class="finding">${spectrumFinding(result)}</p>`,
    body: lines([
      ...figures.map(figureBlock),
      section("At a glance", definitions(spectrumFacts(result))),
      ...spectrumTables(result).map(tableSection),
      section("How it was made", definitions(settings(document))),
    ]),
  });
}

function tableSection({ title, head, alignment, rows, note }: SpectrumTable): SafeHtml {
  const left = (column: number) =>
    alignment[column] === "left" ? html` style="text-align:left"` : undefined;
  const heads = head.map((name, i) => html`<th${left(i)}>${name}</th>`);
  const body = rows.map(([first, ...cells]) => {
    const data = cells.map((cell, i) => html`<td${left(i + 1)}>${cell}</td>`);
    return html`<tr><th scope="row">${first}</th>${data}</tr>`;
  });
  return section(
    title,
    html`<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>
${lines(body)}
</tbody></table></div>
<p class="note">${note}</p>`,
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
        )}), ${training.steps} steps, ${batch}, seed ${config.seed}, ${config.training.testFraction * 100} % held out${divergenceNote(training)}`,
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
