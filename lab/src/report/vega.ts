import { type Config, parse, type Spec, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { DrawnGroup, Room } from "./figure.js";

export const FONT = "system-ui, sans-serif";

/** Height of a curve. */
export function curveHeight({ narrow }: Room): number {
  return narrow ? 240 : 300;
}

/** Colours of axes and text follow the page, light or dark. */
const pageConfig = {
  // One label for the whole figure; marks that are described have it as their title.
  aria: false,
  background: "transparent",
  font: FONT,
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: "var(--ink)",
    titleColor: "var(--ink)",
    domainColor: "var(--rule)",
    tickColor: "var(--rule)",
    gridColor: "var(--grid)",
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
  },
  title: {
    color: "var(--ink)",
    fontSize: 15,
    fontWeight: 600,
    offset: 14,
    subtitleColor: "var(--soft)",
    subtitleFontSize: 11.5,
    subtitleLineHeight: 15,
    subtitlePadding: 4,
  },
  legend: {
    labelColor: "var(--ink)",
    titleColor: "var(--ink)",
    labelFontSize: 12,
    labelLimit: 300,
    symbolStrokeWidth: 3,
    // Several legends below a narrow picture stand below each other.
    layout: { bottom: { anchor: "start", direction: "vertical", margin: 6 } },
  },
} as const;

/** Draws a specification, in the colours of the page. */
export function toSvg(spec: TopLevelSpec): Promise<string> {
  return render(compile({ config: pageConfig as never, ...spec }).spec);
}

/** The same of one in Vega's own language, for what Vega-Lite has no words for. */
export async function vegaSvg(spec: Spec): Promise<string> {
  const { config } = compile({ config: pageConfig as never, mark: "point", data: { values: [] } }).spec;
  return render(spec, { ...config, aria: false, background: "transparent" } as Config);
}

async function render(spec: Spec, config?: Config): Promise<string> {
  const view = new View(parse(spec, config), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  // A tenth of a pixel is enough of thousands of corners.
  return svg.replace(/ (?:d|transform)="[^"]*"/g, (path) => path.replace(/(\.\d)\d+/g, "$1"));
}

/** Of an axis up the side of a plot: its title stands where labels end, whose widths would be guessed. */
export const labelled = { minExtent: 36, maxExtent: 36, titlePadding: 4 } as const;

/** Of a mark that says its value to a pointer; `description` of the encoding is what. */
export const describedMark = { aria: true } as const;

/** Colour by method, in the order of the table; a legend beside the picture, or below a narrow one. */
export function colorEncoding(groups: readonly DrawnGroup[], room: Room | undefined, symbolType = "circle") {
  return {
    field: "method",
    type: "nominal" as const,
    scale: {
      domain: groups.map(({ label }) => label),
      range: groups.map(({ color }) => color),
    },
    legend: room === undefined ? null : { title: null, ...legendPlace(room), symbolType, symbolOpacity: 1 },
  };
}

/** Beside a picture, or below a narrow one. */
export function legendPlace({ narrow }: Room) {
  return narrow ? { orient: "bottom" as const, columns: 2, labelLimit: 200 } : { orient: "right" as const };
}
