import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { html, type SafeHtml } from "@remix-run/html-template";
import { asImage } from "../../../report/figure.js";
import type { PathPoint } from "../directions.js";
import { landscapeFunctions } from "../functions.js";
import type { SliceDocument } from "./document.js";
import { heightGrid } from "./grid.js";
import { pathsOf } from "./overlays.js";
import { surfaceView } from "./projection.js";
import { ramp } from "./ramp.js";
import { type LevelsChoice, scaleOf, type ValueScale } from "./scale.js";
import { offerSurface, type SurfaceData } from "./surface-client.js";
import { valueText } from "./texts.js";

/** Contours on the surface, evenly spaced on its scale. */
const CONTOURS = 14;

/** The surface as a part of the page. */
export interface SurfaceBlock {
  /** The still view, and the place of the one that turns. */
  readonly views: SafeHtml;
  /** To stand at the end of the page; absent where the still view is all. */
  readonly script?: SafeHtml;
}

/** A plane as a surface: a still view, with a button for one that turns where there is WebGL. */
export function surfaceBlock(document: SliceDocument, choice: LevelsChoice, live: boolean): SurfaceBlock {
  const { axes, options, values } = document;
  const id = options.colour;
  const zScale = scaleOf("the training loss", values.loss ?? [], choice);
  const colourScale =
    id === "loss" ? zScale : scaleOf(landscapeFunctions[id].label, values[id] ?? [], "auto");
  const heights = heightGrid(document, "loss", zScale);
  const colours = heightGrid(document, id, colourScale);
  const still = html`<div id="surface-still">${html.raw`${asImage(surfaceView(heights, colours), "The training loss as a surface", "surface")}`}</div>`;
  if (!live) return { views: still };
  const [x, y] = axes;
  const rows = (of: "loss" | typeof id, { position }: ValueScale) =>
    y.map((_, j) =>
      (values[of] ?? [])
        .slice(j * x.length, (j + 1) * x.length)
        .map((value) => (value === null ? null : position(value))),
    );
  const hover = y.map((v, j) =>
    x.map((u, i) => {
      const at = j * x.length + i;
      const shown = [...new Set(["loss" as const, id])].map(
        (name) => `${landscapeFunctions[name].label} ${valueText(values[name]?.[at])}`,
      );
      return [`(${valueText(u)}, ${valueText(v)})`, ...shown].join("<br>");
    }),
  );
  const reach = zScale.position(zScale.high) - zScale.position(zScale.low);
  const data: SurfaceData = {
    x,
    y,
    z: rows("loss", zScale),
    colour: rows(id, colourScale),
    hover,
    names: {
      x: shortName(document, 0),
      y: shortName(document, 1),
      z: "training loss",
      colour: landscapeFunctions[id].label,
    },
    zTicks: ticks(zScale),
    colourTicks: ticks(colourScale),
    contours: {
      start: zScale.position(zScale.low),
      end: zScale.position(zScale.high),
      size: reach > 0 ? reach / CONTOURS : 1,
    },
    side: heights.lowSide,
    ramp,
    paths: pathsOf(document).map(({ path, color }) => pathOn(path, color, document, heights.at, reach)),
  };
  return {
    views: html`${still}<div id="surface-live"></div><p class="note" id="surface-note">Without scripts: a still view.</p>`,
    // The library is no script before it is wanted: a browser need not read it.
    script: html.raw`<script type="text/plain" id="surface-library">${plotly()}</script>\n<script>(${offerSurface.toString()})(${loadLibrary.toString()}, ${inScript(data)});</script>`,
  };
}

/** In the page: runs the library. */
function loadLibrary() {
  const script = document.createElement("script");
  script.textContent = document.getElementById("surface-library")?.textContent ?? "";
  document.head.append(script);
  return (globalThis as unknown as { Plotly: never }).Plotly;
}

/** The library, MIT licence and all. */
function plotly(): string {
  const path = createRequire(import.meta.url).resolve("plotly.js-gl3d-dist-min");
  return readFileSync(path, "utf8").replaceAll("</script", "<\\/script");
}

/** JSON that ends no script. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** A few of the levels. */
function ticks({ levels, position, low, high }: ValueScale): SurfaceData["zTicks"] {
  const step = Math.ceil(levels.length / 7);
  const shown = levels.filter((_, i) => i % step === 0);
  if (shown.length > 1) return { values: shown.map(position), texts: shown.map(String) };
  return { values: [low, high].map(position), texts: [low, high].map(valueText) };
}

/** Share of the surface's height by which a path lies above it, so as to be seen. */
const LIFT = 0.01;

/** Laid on the surface, which it leaves a little in truth. */
function pathOn(
  path: readonly PathPoint[],
  colour: string,
  { axes }: SliceDocument,
  at: (u: number, v: number) => number,
  reach: number,
): SurfaceData["paths"][number] {
  const [us, vs] = axes.map((axis, k) =>
    path.map(
      ({ coordinates }) =>
        ((coordinates[k] - axis[0]) / (axis[axis.length - 1] - axis[0])) * (axis.length - 1),
    ),
  );
  const inside = us.map((u, i) =>
    [u, vs[i]].every((position, k) => position >= 0 && position <= axes[k].length - 1),
  );
  const gapped = (values: readonly number[]) => values.map((value, i) => (inside[i] ? value : null));
  return {
    x: gapped(path.map(({ coordinates }) => coordinates[0])),
    y: gapped(path.map(({ coordinates }) => coordinates[1])),
    z: gapped(us.map((u, i) => at(u, vs[i]) + LIFT * reach)),
    text: path.map(({ step, loss }) => `step ${step}, loss ${valueText(loss)}`),
    colour,
  };
}

/** There is no room for more. */
function shortName({ directions }: SliceDocument, axis: number): string {
  return `${["d₁", "d₂"][axis]}: ${directions[axis].name.replace(/ \(.*$/, "")}`;
}
