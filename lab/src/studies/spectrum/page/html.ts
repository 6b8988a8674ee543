import { html } from "@remix-run/html-template";
import { networkFacts } from "../../../report/network-facts.js";
import { definitions, type Fact, figureBlock, lines, pageOf, section } from "../../../report/parts.js";
import { tableSection } from "../../../report/titled-table.js";
import type { SpectrumDocument } from "./document.js";
import { spectrumFacts, spectrumFinding } from "./facts.js";
import { spectrumTables } from "./tables.js";

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

function settings(document: SpectrumDocument): Fact[] {
  const { training, options, sha256, provenance } = document;
  const seconds = provenance.phases.map(({ phase, seconds: spent }) => `${phase}: ${spent.toFixed(2)} s`);
  return [
    ...networkFacts(document),
    ["record SHA-256", training.sha256],
    [
      "spectrum",
      `seed ${options.seed}, ${options.top} eigenvalues at either end, ${options.samples} samples, ${options.probes} probes of ${options.lanczosSteps} Lanczos steps, H formed up to n = ${options.denseLimit}`,
    ],
    ["computing", seconds.join("; ")],
    ["SHA-256", `${sha256} — the same network, options and flatward give the same hash, bit for bit`],
  ];
}
