import { html, type SafeHtml } from "@remix-run/html-template";
import { networkFacts } from "../../../report/network-facts.js";
import { definitions, type Fact, figureBlock, lines, pageOf, section } from "../../../report/parts.js";
import { tableSection } from "../../../report/titled-table.js";
import { explainFinding } from "../finding.js";
import type { Given } from "../given.js";
import { explainTables } from "../tables.js";
import type { ExplainDocument } from "./document.js";
import { explainFacts } from "./facts.js";

/** A picture of the page. */
export interface ExplainFigure {
  readonly name: string;
  readonly caption: string;
  readonly svg: string;
}

/** An explanation as one page that needs nothing else. @param pictures of samples that are such */
export function explainPage(
  document: ExplainDocument,
  given: Given,
  top: number,
  figures: readonly ExplainFigure[],
  pictures: SafeHtml | undefined,
): string {
  const { data, result } = document;
  const title = `Why this minimum is sharp: ${data.name}, ${result.parameters} parameters`;
  return pageOf({
    title,
    kicker: "explain",
    heading: title,
    lead: html`<p class="finding">${explainFinding(result)}</p>`,
    body: lines([
      pictures,
      ...figures.map(figureBlock),
      section("At a glance", definitions(explainFacts(result))),
      ...explainTables(result, given, top).map(tableSection),
      section("How it was made", definitions(settings(document))),
    ]),
  });
}

function settings(document: ExplainDocument): Fact[] {
  const { sha256, provenance } = document;
  return [
    ...networkFacts(document),
    ["computing", `${provenance.seconds.toFixed(2)} s`],
    ["SHA-256", `${sha256} — the same network and flatward give the same hash, bit for bit`],
  ];
}
