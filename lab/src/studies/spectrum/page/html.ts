import type { Figure } from "../../../report/figure.js";
import { networkFacts } from "../../../report/network-facts.js";
import { definitions, type Fact, findingBlock, lines, pageOf } from "../../../report/parts.js";
import { pictureFirst } from "../../../report/picture-first.js";
import type { SpectrumDocument } from "./document.js";
import { spectrumFacts, spectrumFinding } from "./facts.js";
import { BOUNDS, spectrumTables } from "./tables.js";

/** A spectrum as one page that needs nothing else: no script, no network. */
export function spectrumPage(document: SpectrumDocument, figures: readonly Figure[]): string {
  const { data, result } = document;
  const all = spectrumTables(result);
  const table = all.find(({ title }) => title === BOUNDS) ?? all[0];
  const title = `The Hessian's spectrum: ${data.name}, ${result.parameters} parameters`;
  return pageOf({
    title,
    kicker: "spectrum",
    heading: title,
    lead: lines([findingBlock([spectrumFinding(result)])]),
    body: pictureFirst({
      figures,
      table,
      tables: all.filter((one) => one !== table),
      more: [
        ["At a glance", definitions(spectrumFacts(result))],
        ["How it was made", definitions(settings(document))],
      ],
    }),
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
