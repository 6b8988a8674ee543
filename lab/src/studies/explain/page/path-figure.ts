import { classColors } from "../../../report/colors.js";
import type { Room } from "../../../report/figure.js";
import { formatNumber, formatPercent } from "../../../report/format.js";
import { curveHeight, describedMark, legendPlace, toSvg } from "../../../report/vega.js";
import type { Along } from "../along.js";
import type { ExplainResult } from "../analyze.js";

const SHARPEST = "sharpest samples";

/** B and the loss along training, and below them what classes and the samples that are the sharpest at its end share of B. */
export function pathFigure({ classes }: ExplainResult, along: Along, room: Room): Promise<string> {
  const { steps, values, losses } = along;
  const names = classes.map(({ name }) => name);
  const x = {
    field: "step",
    type: "quantitative" as const,
    title: "training step",
    // Most happens at the start.
    scale: { type: "sqrt" as const, nice: false },
    axis: { grid: false, tickCount: room.narrow ? 4 : 6, format: "d" },
  };
  const panel = (
    data: readonly { readonly step: number; readonly value: number; readonly name: string }[],
    domain: readonly string[],
    range: readonly string[],
    said: (value: number) => string,
    y: object,
  ) => {
    const color = {
      field: "name",
      type: "nominal" as const,
      scale: { domain: [...domain], range: [...range] },
      legend: { title: null, ...legendPlace(room), labelLimit: 300, symbolType: "stroke" as const },
    };
    const encoding = { x, y: { field: "value", type: "quantitative" as const, ...y }, color };
    return {
      width: room.width - (room.narrow ? 70 : 250),
      height: curveHeight(room) * 0.7,
      data: {
        values: data.map((point) => ({
          ...point,
          said: `${point.name}, step ${point.step}: ${said(point.value)}`,
        })),
      },
      layer: [
        { mark: { type: "line" as const, strokeWidth: 2 }, encoding },
        {
          mark: { type: "circle" as const, size: 26, ...describedMark },
          encoding: { ...encoding, description: { field: "said", type: "nominal" as const } },
        },
      ],
    };
  };
  const shares = steps.flatMap((step, k) => [
    ...(along.classes[k] ?? []).map((share, c) => ({ step, value: share / values[k], name: names[c] })),
    { step, value: along.sharpest[k] / values[k], name: SHARPEST },
  ]);
  const sizes = steps.flatMap((step, k) => [
    { step, value: values[k], name: "B" },
    { step, value: losses[k], name: "training loss" },
  ]);
  return toSvg({
    spacing: 18,
    vconcat: [
      panel(
        sizes.filter(({ value }) => value > 0),
        ["B", "training loss"],
        ["var(--accent)", "var(--soft)"],
        formatNumber,
        { title: null, scale: { type: "log", nice: false }, axis: { tickCount: 4 } },
      ),
      panel(
        shares,
        [...names, SHARPEST],
        [...classColors(names.length), "var(--ink)"],
        (share) => formatPercent(share),
        {
          title: "share of B",
          axis: { format: "~%", tickCount: 5 },
        },
      ),
    ],
    resolve: { scale: { color: "independent", y: "independent" } },
  });
}
