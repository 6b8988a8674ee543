import { html, type SafeHtml } from "@remix-run/html-template";
import { citationOf } from "../../../data/sources.js";
import type { Figure } from "../../../report/figure.js";
import { mathText } from "../../../report/math-text.js";
import {
  definitions,
  type Fact,
  figureBlock,
  findingBlock,
  folded,
  lines,
  pageOf,
  section,
} from "../../../report/parts.js";
import { landscapeFunctions } from "../functions.js";
import type { SliceDocument } from "./document.js";
import { sliceFacts, sliceFinding } from "./facts.js";
import type { SurfaceBlock } from "./surface.js";
import { sliceTitle } from "./texts.js";

const surfaceStyle = `
button { font: inherit; padding: .5rem 1rem; min-height: 44px; border: 1px solid var(--accent); border-radius: 6px; background: var(--paper); color: var(--accent); cursor: pointer; }
@media print { button { display: none; } }
#surface-still svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: 0 auto; }
`;

/** A slice as one page that needs nothing else and no network. */
export function slicePage(
  document: SliceDocument,
  figures: readonly Figure[],
  surface: SurfaceBlock | undefined,
): string {
  const title = sliceTitle(document);
  return pageOf({
    title,
    kicker: "slice",
    heading: title,
    lead: lines([findingBlock([sliceFinding(document)])]),
    body: lines([
      ...figures.map((figure) => figureBlock(figure)),
      ...(surface ? [surfaceSection(document, surface)] : []),
      html`<div class="folded">
${lines([
  folded("At a glance", definitions(sliceFacts(document))),
  folded("How it was made", definitions(settings(document))),
])}
</div>`,
    ]),
    style: surfaceStyle,
    ...(surface?.script ? { script: surface.script } : {}),
  });
}

function surfaceSection({ options }: SliceDocument, { views }: SurfaceBlock): SafeHtml {
  const colour = landscapeFunctions[options.colour].label;
  return section(
    "The same as a surface",
    html`<figure id="surface">${views}<figcaption>Height: the training loss, on the scale of the contours above. Colour: ${mathText(colour)}.</figcaption></figure>`,
  );
}

function settings({ data, config, training, id, sha256, engine, provenance }: SliceDocument): Fact[] {
  const citation = citationOf(data.name);
  return [
    [
      "data",
      `${data.name}: ${data.samples} samples, ${data.features} features, ${data.classes.length} classes of “${data.label}”${citation ? ` (${citation})` : ""}`,
    ],
    ["data SHA-256", data.sha256],
    ["method", JSON.stringify(config.method)],
    ["cell", `${training.cell} by flatward ${training.engine}`],
    ["theta SHA-256", training.thetaSha256],
    ["slice", id],
    ["versions", `flatward ${engine}, Node ${provenance.node}, V8 ${provenance.v8}`],
    ["machine", `${provenance.platform}, ${provenance.processor}`],
    ["computing", `${provenance.seconds.toFixed(2)} s, of the process that finished it`],
    [
      "SHA-256",
      `${sha256} — the same network, options and flatward give the same hash, bit for bit, in however many pieces and on however many threads`,
    ],
  ];
}
