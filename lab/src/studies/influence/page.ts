import { html } from "@remix-run/html-template";
import { counted } from "../../report/format.js";
import { definitions, pageOf } from "../../report/parts.js";
import { pictureFirst } from "../../report/picture-first.js";
import type { TitledTable } from "../../report/titled-table.js";
import type { InfluenceDocument } from "./document.js";

/** The study as one page that needs nothing else. */
export function influencePage(
  document: InfluenceDocument,
  [first, ...tables]: readonly TitledTable[],
): string {
  const title = "What the samples that make a minimum sharp do";
  const seeds = new Set(document.answers.map(({ seed }) => seed)).size;
  return pageOf({
    title,
    kicker: "influence",
    heading: title,
    lead: html`<p>Samples are ranked by their share of the bound B on λ_max. Are minima flatter without the first of them; do they have wrong labels; does the way that lowers B lower λ_max; and what does the angle between samples do to either?</p>`,
    body: pictureFirst({
      figures: [],
      table: first,
      tables,
      more: [
        [
          "How it was made",
          definitions([
            ["seeds", counted(seeds, "seed")],
            ["engine", document.engine],
            ["SHA-256", `${document.sha256} — the same flatward gives the same hash, bit for bit`],
          ]),
        ],
      ],
    }),
  });
}
