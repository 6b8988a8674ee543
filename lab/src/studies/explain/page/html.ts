import type { Figure } from "../../../report/figure.js";
import { networkFacts } from "../../../report/network-facts.js";
import { definitions, type Fact, findingBlock, lines, pageOf } from "../../../report/parts.js";
import { pictureFirst } from "../../../report/picture-first.js";
import { explainFinding } from "../finding.js";
import type { Given } from "../given.js";
import { explainTables } from "../tables.js";
import type { ExplainDocument } from "./document.js";
import { explainFacts } from "./facts.js";

/** An explanation as one page that needs nothing else. */
export function explainPage(
  document: ExplainDocument,
  given: Given,
  top: number,
  figures: readonly Figure[],
): string {
  const { data, result } = document;
  const [samples, ...tables] = explainTables(result, given, top);
  const title = `Why this minimum is sharp: ${data.name}, ${result.parameters} parameters`;
  return pageOf({
    title,
    kicker: "explain",
    heading: title,
    lead: lines([findingBlock([explainFinding(result)])]),
    body: pictureFirst({
      figures,
      table: samples,
      tables,
      more: [
        ["At a glance", definitions(explainFacts(result))],
        ["How it was made", definitions(settings(document))],
      ],
    }),
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
