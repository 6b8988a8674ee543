import { join } from "node:path";
import { prepareFolder, writeAtomically } from "../../../files.js";
import { type Figure, figureOf, standaloneSvg } from "../../../report/figure.js";
import { type FunctionId, landscapeFunctions } from "../functions.js";
import { curveFigure } from "./curve-figure.js";
import type { SliceDocument } from "./document.js";
import { slicePage } from "./html.js";
import { mapFigure } from "./map-figure.js";
import type { LevelsChoice } from "./scale.js";
import { surfaceBlock } from "./surface.js";

export interface WrittenSlice {
  readonly json: string;
  readonly jsonPath: string;
  readonly pagePath: string;
  /** The page's size. */
  readonly megabytes: number;
}

export interface SlicePageOptions {
  readonly levels: LevelsChoice;
  /** Whether the surface can be turned: at the price of a script of 1.8 MB. */
  readonly surface: boolean;
}

/** Writes `slice.json`, `slice.html` and the pictures. @throws LabError "file"; "usage" for levels that cannot be */
export async function writeSlice(
  document: SliceDocument,
  folder: string,
  { levels, surface }: SlicePageOptions,
): Promise<WrittenSlice> {
  prepareFolder(folder);
  const jsonPath = join(folder, "slice.json");
  const pagePath = join(folder, "slice.html");
  const json = `${JSON.stringify(document, null, 1)}\n`;
  writeAtomically(jsonPath, json);
  const figures = await figuresOf(document, levels);
  for (const figure of figures) writeAtomically(join(folder, `${figure.name}.svg`), standaloneSvg(figure));
  const block = document.axes.length === 2 ? surfaceBlock(document, levels, surface) : undefined;
  const page = slicePage(document, figures, block);
  writeAtomically(pagePath, page);
  return { json, jsonPath, pagePath, megabytes: Buffer.byteLength(page) / 1e6 };
}

async function figuresOf(document: SliceDocument, levels: LevelsChoice): Promise<Figure[]> {
  const { options, axes, path } = document;
  const { label, explanation } = landscapeFunctions[options.colour];
  if (axes.length === 1)
    return [
      await figureOf(
        {
          name: "loss",
          title: "The training loss along a line",
          caption: `The training loss at ${axes[0].length} points. Dashed: the parabola of its slope and its curvature dᵀHd at the centre.${path ? " Points: the training itself, which leaves the line." : ""}`,
        },
        (room) => curveFigure(document, ["loss"], levels, room),
      ),
      ...(await Promise.all(
        otherCurves(document).map(({ ids, title, caption }) =>
          figureOf({ name: ids[0], title, caption }, (room) => curveFigure(document, ids, "auto", room)),
        ),
      )),
    ];
  const colours = options.colour === "loss" ? "Colour: the same." : `Colour: ${label}, ${explanation}.`;
  return [
    await figureOf(
      {
        name: "map",
        title: "The training loss over a plane",
        caption: `Contours: the training loss. ${colours}${pathsText(document)}`,
      },
      (room) => mapFigure(document, levels, room),
    ),
  ];
}

/** What is drawn of a line beside the loss: λ_max under its bound, where both are known. */
function otherCurves({ options: { colour }, values }: SliceDocument) {
  if (colour === "loss") return [];
  const { label, explanation } = landscapeFunctions[colour];
  const sharpness = landscapeFunctions["lambda-max"];
  const one = (id: FunctionId, name: string, what: string) => ({
    ids: [id],
    title: `${name} along the same line`,
    caption: `Along the same line: ${what}.`,
  });
  if (values["lambda-max"] === undefined || colour === "lambda-max") return [one(colour, label, explanation)];
  if (colour !== "ws-bound")
    return [one(colour, label, explanation), one("lambda-max", sharpness.label, sharpness.explanation)];
  return [
    {
      ids: ["lambda-max", colour] as FunctionId[],
      title: "λ_max and its bound along the same line",
      caption: `Along the same line: ${sharpness.explanation}; dashed, ${explanation}.`,
    },
  ];
}

function pathsText({ path, otherPath }: SliceDocument): string {
  if (!path) return "";
  const whose = otherPath
    ? "Paths: both trainings, projected onto the plane through their ends and the start of the first"
    : "Path: the training, projected onto the plane through its end";
  return ` ${whose}; numbers are steps. The contours are of the plane, which ${otherPath ? "paths leave" : "the path leaves"} a little.`;
}
