import { join } from "node:path";
import { prepareFolder, writeAtomically } from "../../../files.js";
import { standaloneSvg } from "../../../report/figure.js";
import { landscapeFunctions } from "../functions.js";
import { curveFigure } from "./curve-figure.js";
import type { SliceDocument } from "./document.js";
import { type SliceFigure, slicePage } from "./html.js";
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

async function figuresOf(document: SliceDocument, levels: LevelsChoice): Promise<SliceFigure[]> {
  const { options, axes, path } = document;
  const { label, explanation } = landscapeFunctions[options.colour];
  if (axes.length === 1)
    return [
      {
        name: "loss",
        caption: `The training loss at ${axes[0].length} points. Dashed: the parabola of its slope and its curvature dᵀHd at the centre.${path ? " Points: the training itself, which leaves the line." : ""}`,
        svg: await curveFigure(document, "loss", levels),
      },
      ...(options.colour === "loss"
        ? []
        : [
            {
              name: options.colour,
              caption: `Along the same line: ${explanation}.`,
              svg: await curveFigure(document, options.colour, "auto"),
            },
          ]),
    ];
  const colours = options.colour === "loss" ? "Colour: the same." : `Colour: ${label}, ${explanation}.`;
  return [
    {
      name: "map",
      caption: `Contours: the training loss. ${colours}${path ? " Path: the training, projected onto the plane through its end; numbers are steps. The contours are of the plane, which the path leaves a little." : ""}`,
      svg: await mapFigure(document, levels),
    },
  ];
}
