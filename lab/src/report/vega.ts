import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { DrawnGroup } from "./figures.js";

export const WIDTH = 620;
export const CURVE_HEIGHT = 280;

/** Colours of axes and text follow the page, light or dark. */
const pageConfig = {
  // One label for the whole figure, not one for each of thousands of ticks.
  aria: false,
  background: "transparent",
  font: "system-ui, sans-serif",
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
  legend: {
    labelColor: "var(--ink)",
    titleColor: "var(--ink)",
    labelFontSize: 12,
    labelLimit: 240,
    symbolStrokeWidth: 3,
  },
} as const;

/** Draws a specification, in the colours of the page. */
export async function toSvg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile({ config: pageConfig as never, ...spec }).spec), { renderer: "none" });
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
