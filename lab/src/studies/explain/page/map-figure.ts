import { classColors } from "../../../report/colors.js";
import type { Room } from "../../../report/figure.js";
import { formatPercent } from "../../../report/format.js";
import { describedMark, legendPlace, toSvg } from "../../../report/vega.js";
import type { ExplainResult } from "../analyze.js";

/** The network's class on a grid over the plane, where the data have two features. */
export interface Regions {
  readonly cells: readonly { readonly x: number; readonly y: number; readonly label: number }[];
  /** Width and height of a cell. */
  readonly step: readonly [number, number];
}

/** Heights of the picture, on a page and on a phone. */
const HEIGHT = { wide: 420, narrow: 320 };
/** Area of the largest share. */
const LARGEST = 700;

/** Where the samples lie: the larger the point the larger its share, hollow below 0. */
export function mapFigure(
  { samples, classes, axes, value }: ExplainResult,
  regions: Regions | undefined,
  room: Room,
): Promise<string> {
  const names = classes.map(({ name }) => name);
  const color = {
    field: "class",
    type: "nominal" as const,
    scale: { domain: names, range: classColors(names.length) },
    legend: { title: null, ...legendPlace(room), symbolOpacity: 1, symbolSize: 90 },
  };
  const axis = (field: "x" | "y", title: string) => ({
    field,
    type: "quantitative" as const,
    title,
    scale: { zero: false, nice: !regions },
    axis: { grid: false, tickCount: 6 },
  });
  const [x, y] = [axis("x", axes[0]), axis("y", axes[1])];
  const values = samples.map(({ x: across, y: up, label, share, row }) => ({
    x: across,
    y: up,
    class: names[label],
    size: Math.abs(share) / value,
    positive: share >= 0,
    said: `row ${row}, ${names[label]}: ${formatPercent(share / value)}`,
  }));
  // Large points first, so that small ones are seen on them.
  values.sort((a, b) => b.size - a.size);
  const most = values[0].size;
  const size = {
    field: "size",
    type: "quantitative" as const,
    scale: { domain: [0, most], range: [6, LARGEST] },
    legend: null,
  };
  const said = { description: { field: "said", type: "nominal" as const } };
  return toSvg({
    width: room.width,
    height: room.narrow ? HEIGHT.narrow : HEIGHT.wide,
    autosize: { type: "fit-x" },
    layer: [
      ...(regions
        ? [
            {
              data: {
                values: regions.cells.map((cell) => ({
                  x: cell.x - regions.step[0] / 2,
                  y: cell.y - regions.step[1] / 2,
                  right: cell.x + regions.step[0] / 2,
                  top: cell.y + regions.step[1] / 2,
                  class: names[cell.label],
                })),
              },
              mark: { type: "rect" as const, opacity: 0.16, stroke: null },
              encoding: { x, x2: { field: "right" }, y, y2: { field: "top" }, color },
            },
          ]
        : []),
      {
        data: { values: values.filter(({ positive }) => positive) },
        mark: {
          type: "circle" as const,
          opacity: 0.72,
          stroke: "var(--paper)",
          strokeWidth: 0.7,
          ...describedMark,
        },
        encoding: { x, y, color, size, ...said },
      },
      {
        data: { values: values.filter(({ positive }) => !positive) },
        mark: { type: "point" as const, filled: false, opacity: 0.9, strokeWidth: 1.2, ...describedMark },
        encoding: { x, y, color, size, ...said },
      },
    ],
  });
}
