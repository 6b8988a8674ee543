import { join } from "node:path";
import { prepareFolder, writeAtomically } from "../../../files.js";
import { type Figure, figureOf } from "../../../report/figure.js";
import { loadManifestData } from "../../../sweep/manifest.js";
import type { TrainedCell } from "../../../sweep/trained.js";
import type { Given } from "../given.js";
import { STEP_LENGTH } from "../step.js";
import type { ExplainDocument } from "./document.js";
import { explainPage } from "./html.js";
import { imagesFigure } from "./images.js";
import { mapFigure } from "./map-figure.js";
import { pairsFigure } from "./pairs-figure.js";
import { pathFigure } from "./path-figure.js";
import { regionsOf } from "./regions.js";
import { sharesFigure } from "./shares-figure.js";
import { stepFigure } from "./step-figure.js";

export interface WrittenExplanation {
  readonly json: string;
  readonly jsonPath: string;
  readonly pagePath: string;
}

/** Writes `explain.json` and `explain.html`. @throws LabError "file" */
export async function writeExplanation(
  document: ExplainDocument,
  cell: TrainedCell,
  given: Given,
  top: number,
  folder: string,
): Promise<WrittenExplanation> {
  prepareFolder(folder);
  const jsonPath = join(folder, "explain.json");
  const pagePath = join(folder, "explain.html");
  const json = `${JSON.stringify(document, null, 1)}\n`;
  writeAtomically(jsonPath, json);
  // Of a bound that is 0 there are no shares.
  const hasShares = document.result.value > 0;
  const figures = hasShares ? await figuresOf(document, cell, given) : [];
  writeAtomically(pagePath, explainPage(document, given, top, figures));
  return { json, jsonPath, pagePath };
}

async function figuresOf({ result }: ExplainDocument, cell: TrainedCell, given: Given): Promise<Figure[]> {
  const { image } = loadManifestData(cell.data);
  const { along, step } = result;
  const regions = regionsOf(cell, given);
  return Promise.all([
    ...(image
      ? [
          figureOf(
            {
              name: "pictures",
              title: "The samples of the largest shares",
              caption: "The samples of the largest shares.",
            },
            (room) => imagesFigure(result, given.rows, image, room),
          ),
        ]
      : []),
    figureOf(
      {
        name: "map",
        title: "Where the sharp samples lie",
        caption: `Where the sharp samples lie: the area of a point is its share of the bound, hollow where that is negative.${regions ? " Behind them, the class that the network decides for." : ""}`,
      },
      (room) => mapFigure(result, regions, room),
    ),
    figureOf(
      {
        name: "shares",
        title: "Shares of samples, classes, layers and units",
        caption:
          "Shares of the bound: the largest samples and units, all classes and layers. Each kind of all adds up to 100 %.",
      },
      (room) => sharesFigure(result, room),
    ),
    figureOf(
      {
        name: "pairs",
        title: "The largest samples, pair by pair",
        caption: `Pairs of the ${result.pictured.samples.length} samples of the largest shares, ordered by class and share: blue adds to the bound, orange takes from it; the deeper the larger (as its root). The diagonal is a sample with itself, its trace included.`,
      },
      (room) => pairsFigure(result, room),
    ),
    ...(along && along.steps.length > 1
      ? [
          figureOf(
            {
              name: "path",
              title: "How shares move along training",
              caption:
                "Along training, at points evenly spaced in the length of its way: B and the training loss, and shares of B; those of the samples together that carry half of it at the end.",
            },
            (room) => pathFigure(result, along, room),
          ),
        ]
      : []),
    ...(step
      ? [
          figureOf(
            {
              name: "step",
              title: "What one step of HSR changes",
              caption: `What one step of HSR changes, ${STEP_LENGTH} ‖θ‖ long and down B alone, beside as long a step down the loss: the change of each share, of B before. Classes together are the change of B, and so are layers.`,
            },
            (room) => stepFigure(result, step, room),
          ),
        ]
      : []),
  ]);
}
