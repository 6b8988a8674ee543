import { type Config, parse, type Spec, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { DrawnGroup } from "./figure.js";

export const WIDTH = 620;
export const CURVE_HEIGHT = 280;
export const FONT = "system-ui, sans-serif";

/** Colours of axes and text follow the page, light or dark. */
const pageConfig = {
  // One label for the whole figure, not one for each of thousands of ticks.
  aria: false,
  background: "transparent",
  font: FONT,
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
    labelLimit: 240,
    symbolStrokeWidth: 3,
  },
} as const;

/** Draws a specification, in the colours of the page. */
export function toSvg(spec: TopLevelSpec): Promise<string> {
  return render(compile({ config: pageConfig as never, ...spec }).spec);
}

/** The same of one in Vega's own language, for what Vega-Lite has no words for. */
export async function vegaSvg(spec: Spec): Promise<string> {
  const { config } = compile({ config: pageConfig as never, mark: "point", data: { values: [] } }).spec;
  const svg = await render(spec, { ...config, aria: false, background: "transparent" } as Config);
  // Contours have thousands of corners: a tenth of a pixel is enough.
  return svg.replace(/ d="[^"]*"/g, (path) => path.replace(/(\.\d)\d+/g, "$1"));
}

async function render(spec: Spec, config?: Config): Promise<string> {
  const view = new View(parse(spec, config), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

/** Colour by method, in the order of the table. */
export function colorEncoding(groups: readonly DrawnGroup[], legend: boolean, symbolType = "circle") {
  return {
    field: "method",
    type: "nominal" as const,
    scale: {
      domain: groups.map(({ label }) => label),
      range: groups.map(({ color }) => color),
    },
    legend: legend ? { title: null, orient: "right" as const, symbolType, symbolOpacity: 1 } : null,
  };
}
