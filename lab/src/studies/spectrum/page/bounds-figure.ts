import type { Room } from "../../../report/figure.js";
import { formatNumber } from "../../../report/format.js";
import { labelWidth } from "../../../report/plot-area.js";
import { describedMark, toSvg } from "../../../report/vega.js";
import type { ComparedBound } from "../bounds.js";
import { boundLabel } from "./tables.js";

const ROW = 26;
/** A lower bound below this share of λ_max is too small to be shown. */
const MIN_SHOWN = 1e-3;

/** Whether λ_max is positive, so that bounds have ratios to it. */
export function hasRatios(bounds: readonly ComparedBound[]): boolean {
  return bounds.some(({ upperRatio, lowerRatio }) => (upperRatio ?? lowerRatio) !== undefined);
}

/** Every bound on λ_max as its ratio to λ_max. */
export function boundsFigure(bounds: readonly ComparedBound[], room: Room): Promise<string> {
  const values = bounds.flatMap(({ name, cost, upperRatio, lowerRatio }) => [
    ...(upperRatio === undefined ? [] : [mark(name, cost, "upper", upperRatio)]),
    ...(lowerRatio === undefined || lowerRatio < MIN_SHOWN ? [] : [mark(name, cost, "lower", lowerRatio)]),
  ]);
  const names = bounds.map(({ name }) => boundLabel(name));
  const x = {
    field: "ratio",
    type: "quantitative" as const,
    title: "bound/λ_max",
    scale: { type: "log" as const, nice: false, padding: 14 },
    axis: { format: "~g", tickCount: 6, labelOverlap: true as const },
  };
  const y = {
    field: "name",
    type: "nominal" as const,
    sort: names,
    title: null,
    axis: { ticks: false, domain: false, grid: true, labelPadding: 8, labelLimit: room.narrow ? 140 : 280 },
  };
  return toSvg({
    width: room.width - labelWidth(names, room.narrow ? 140 : 280) - 40,
    height: ROW * names.length,
    layer: [
      {
        data: { values: [{ ratio: 1 }] },
        mark: { type: "rule", color: "var(--ink)", strokeWidth: 1.4 },
        encoding: { x },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 80, opacity: 1, ...describedMark },
        encoding: {
          x,
          y,
          shape: {
            field: "side",
            type: "nominal",
            scale: { domain: ["upper", "lower"], range: ["triangle-left", "triangle-right"] },
            legend: { title: null, orient: "top", symbolFillColor: "var(--ink)", symbolStrokeWidth: 0 },
          },
          description: { field: "said", type: "nominal" },
          color: {
            field: "cost",
            type: "nominal",
            scale: { domain: ["closed form", "needs H"], range: ["#2f6fd0", "#e69f00"] },
            legend: { title: null, orient: "top", symbolStrokeWidth: 0, symbolType: "circle" },
          },
        },
      },
    ],
  });
}

function mark(name: string, cost: string, side: "upper" | "lower", ratio: number) {
  const label = boundLabel(name);
  return { name: label, cost, side, ratio, said: `${label}, ${side}: ${formatNumber(ratio, 4)} λ_max` };
}
