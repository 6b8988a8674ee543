import type { Summary } from "../../experiment/measures/statistics.js";
import { methodColors } from "../../report/colors.js";
import type { Room } from "../../report/figure.js";
import { formatNumber } from "../../report/format.js";
import { labelWidth, plotArea } from "../../report/plot-area.js";
import { describedMark, toSvg } from "../../report/vega.js";
import type { SweepResults } from "../../sweep/results.js";
import { labelOf } from "./framework.js";
import { variantsOf } from "./variants.js";

const ROW = 22;
/** Above the rows of a network, for its name. */
const HEAD = 30;

/** λ_max, and normalized sharpness, of every network with normalizations or shortcuts over that without. */
export function variantFigure(results: SweepResults, room: Room): Promise<string> {
  const variants = variantsOf(results).filter(({ group }) => group.cells.length > 0);
  const networks = [...new Set(variants.map(({ problem }) => problem.label))];
  const placed = variants.map((variant, i) => ({
    ...variant,
    name: labelOf(variant.group),
    color: methodColors(variant.problem.groups).get(variant.group.id),
    y: ROW * i + HEAD * (networks.indexOf(variant.problem.label) + 1),
  }));
  const height = ROW * variants.length + HEAD * networks.length;
  const marks = (id: string) =>
    placed.flatMap(({ name, color, y, ratios }) => {
      const ratio = ratios[id];
      return ratio !== undefined && ratio.mean > 0 ? [{ y, color, ...rangeOf(ratio, name, id) }] : [];
    });
  const heads = networks.map((network) => {
    const first = placed.find(({ problem }) => problem.label === network) as (typeof placed)[number];
    return { text: `${network} over ${first.plain.label}`, y: first.y - 20 };
  });
  const all = [...marks("lambdaMax"), ...marks("normalizedSharpness")];
  const ends = [1, ...all.flatMap(({ low, high }) => [low, high])].filter((value) => value > 0);
  const x = (field: string) => ({
    field,
    type: "quantitative" as const,
    title: "times that of the same network without (log scale)",
    scale: {
      type: "log" as const,
      nice: false,
      domain: [Math.min(...ends) / 1.15, Math.max(...ends) * 1.15],
    },
    axis: { format: "~g", tickCount: room.narrow ? 4 : 8, labelOverlap: true as const },
  });
  const y = {
    field: "y",
    type: "quantitative" as const,
    scale: { domain: [0, height], reverse: true, nice: false },
    axis: null,
  };
  const color = { field: "color", type: "nominal" as const, scale: null };
  const said = { description: { field: "said", type: "nominal" as const } };
  const text = (weight: 400 | 600) => ({
    type: "text" as const,
    fontSize: room.narrow ? 11 : 12,
    fontWeight: weight,
    color: "var(--ink)",
  });
  return toSvg({
    ...plotArea(room, height, {
      left:
        16 +
        labelWidth(
          placed.map(({ name }) => name),
          room.narrow ? 140 : 280,
        ),
    }),
    layer: [
      {
        data: { values: [{ one: 1 }] },
        mark: { type: "rule", color: "var(--ink)" },
        encoding: { x: x("one") },
      },
      {
        data: { values: marks("lambdaMax") },
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: x("low"), x2: { field: "high" }, y, color },
      },
      {
        data: { values: marks("lambdaMax") },
        mark: { type: "point", filled: true, size: 70, opacity: 1, ...describedMark },
        encoding: { x: x("mean"), y, color, ...said },
      },
      {
        data: { values: marks("normalizedSharpness") },
        mark: { type: "point", filled: false, size: 60, strokeWidth: 1.6, opacity: 1, ...describedMark },
        encoding: { x: x("mean"), y, color, ...said },
      },
      {
        data: { values: placed.map(({ name, y: at }) => ({ name, y: at })) },
        mark: { ...text(400), align: "right", dx: -10, limit: room.narrow ? 140 : 280 },
        encoding: { x: { value: 0 }, y, text: { field: "name" } },
      },
      {
        data: { values: heads },
        mark: { ...text(600), align: "left", dx: 4 },
        encoding: { x: { value: 0 }, y, text: { field: "text" } },
      },
    ],
  });
}

/** A ratio with what it is of; over one standard deviation to either side. */
function rangeOf({ mean, deviation }: Summary, name: string, id: string) {
  const what = id === "lambdaMax" ? "λ_max" : "normalized sharpness";
  return {
    mean,
    // On a scale of logarithms.
    low: mean / (1 + deviation / mean),
    high: mean + deviation,
    said: `${name}: ${what} ${formatNumber(mean)} times`,
  };
}
