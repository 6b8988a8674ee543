import { toSvg, WIDTH } from "../../../report/vega.js";
import type { ComparedBound } from "../bounds.js";

const ROW = 26;
/** A lower bound below this share of λ_max is too small to be shown. */
const MIN_SHOWN = 1e-3;

/** Every bound on λ_max as its ratio to λ_max; nothing when λ_max is not positive. */
export async function boundsFigure(bounds: readonly ComparedBound[]): Promise<string | undefined> {
  const values = bounds.flatMap(({ name, cost, upperRatio, lowerRatio }) => [
    ...(upperRatio === undefined ? [] : [{ name, cost, side: "upper", ratio: upperRatio }]),
    ...(lowerRatio === undefined || lowerRatio < MIN_SHOWN
      ? []
      : [{ name, cost, side: "lower", ratio: lowerRatio }]),
  ]);
  if (values.length === 0) return undefined;
  const names = bounds.map(({ name }) => name);
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
    axis: { ticks: false, domain: false, grid: true, labelPadding: 8, labelLimit: 260 },
  };
  return toSvg({
    width: WIDTH - 120,
    height: ROW * names.length,
    layer: [
      {
        data: { values: [{ ratio: 1 }] },
        mark: { type: "rule", color: "var(--ink)", strokeWidth: 1.4 },
        encoding: { x },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 80, opacity: 1 },
        encoding: {
          x,
          y,
          shape: {
            field: "side",
            type: "nominal",
            scale: { domain: ["upper", "lower"], range: ["triangle-left", "triangle-right"] },
            legend: { title: null, orient: "top", symbolFillColor: "var(--ink)", symbolStrokeWidth: 0 },
          },
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
