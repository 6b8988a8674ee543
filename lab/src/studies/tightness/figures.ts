import { measures } from "../../experiment/measures/measures.js";
import type { Room } from "../../report/figure.js";
import { formatNumber } from "../../report/format.js";
import { labelWidth } from "../../report/plot-area.js";
import { curveHeight, describedMark, legendPlace, toSvg } from "../../report/vega.js";
import { spaced } from "../../sweep/groups.js";
import type { SweepResults } from "../../sweep/results.js";

/** One cell: its factors, and by how much each bound exceeds λ_max. */
interface Point {
  readonly factors: Readonly<Record<string, unknown>>;
  readonly measures: Readonly<Record<string, number>>;
}

/** The bounds that were measured, tightness of WS first. */
function boundColumns({ problems }: SweepResults): { id: string; label: string }[] {
  const [{ groups }] = problems;
  const ratios = measures.filter(({ id, format }) => format === "ratio" && id in groups[0].summary);
  return ratios.map(({ id, label }) => ({ id, label: id === "tightness" ? "WS" : label }));
}

function pointsOf({ problems }: SweepResults): Point[] {
  return problems.flatMap(({ data, network, training, groups }) => {
    const { name: _, path: __, label: ___, draw: ____, ...source } = data.source;
    const factors = Object.fromEntries(
      Object.entries({ ...source, ...network, ...training }).map(([key, value]) => [
        key,
        Array.isArray(value) ? String(value) : value,
      ]),
    );
    return groups.flatMap(({ cells }) => cells.map(({ measures }) => ({ factors, measures })));
  });
}

/** The factors that take more than one value. */
function varying(points: readonly Point[]): string[] {
  const [first] = points;
  return Object.keys(first.factors).filter((key) =>
    points.some(({ factors }) => factors[key] !== first.factors[key]),
  );
}

const ratioScale = { type: "log" as const, nice: false, padding: 8 };
/** From few to many; all of them are seen on white and on black. */
const sequence = ["#3f9bd6", "#2f6fd0", "#8a4fc4", "#c2418f", "#d9573f", "#d98f00", "#8a9a1f", "#2a9d7c"];
const depthColor = (room: Room) => ({
  field: "steps",
  type: "ordinal" as const,
  title: "training steps",
  scale: { range: [sequence[0], sequence[5], sequence[3], sequence[7]] },
  legend: legendPlace(room),
});

/** Every bound's distribution over all cells, by the depth of training. */
export function boundsFigure(results: SweepResults, room: Room): Promise<string> {
  const columns = boundColumns(results);
  const values = pointsOf(results).flatMap(({ factors, measures }) =>
    columns
      .map(({ id, label }) => ({ bound: label, ratio: measures[id], steps: factors.steps }))
      .filter(({ ratio }) => ratio > 0),
  );
  return toSvg({
    width: room.width - labelWidth(columns.map(({ label }) => label)) - (room.narrow ? 40 : 150),
    height: { step: 13 },
    data: { values },
    mark: {
      type: "boxplot",
      extent: "min-max",
      size: 9,
      median: { color: "var(--paper)" },
      rule: { color: "var(--soft)" },
    },
    encoding: {
      y: {
        field: "bound",
        type: "nominal",
        sort: columns.map(({ label }) => label),
        title: null,
        axis: { ticks: false, domain: false, labelPadding: 8, labelLimit: 280 },
      },
      yOffset: { field: "steps", type: "ordinal" },
      x: {
        field: "ratio",
        type: "quantitative",
        title: "bound / λ_max (log scale; 1 is exact)",
        scale: { ...ratioScale, domainMin: 1 },
      },
      color: depthColor(room),
    },
  });
}

/** The WS bound against the number of outliers, beside the square root that many equal ones would give. */
export function outliersFigure(results: SweepResults, room: Room): Promise<string> {
  const values = pointsOf(results)
    .map(({ factors, measures }) => ({
      outliers: measures.effectiveOutliers,
      ratio: measures.tightness,
      classes: factors.classes,
      steps: factors.steps,
      said: `WS/λ_max ${formatNumber(measures.tightness)}, Σλ²/λ_max² ${formatNumber(measures.effectiveOutliers)}, ${factors.classes} classes, ${factors.steps} steps`,
    }))
    .filter(({ outliers, ratio }) => outliers > 0 && ratio > 0);
  const most = Math.max(...values.map(({ outliers }) => outliers));
  const line = Array.from({ length: 40 }, (_, i) => Math.exp((Math.log(most) * i) / 39));
  const x = {
    field: "outliers",
    type: "quantitative" as const,
    title: "effective number of outliers, Σλ²/λ_max²",
    scale: ratioScale,
  };
  const y = {
    field: "ratio",
    type: "quantitative" as const,
    title: "WS bound / λ_max",
    scale: ratioScale,
  };
  return toSvg({
    width: room.width - (room.narrow ? 70 : 170),
    height: curveHeight(room),
    layer: [
      {
        data: { values },
        mark: { type: "point", filled: true, size: 26, opacity: 0.6, ...describedMark },
        encoding: {
          x,
          y,
          color: { field: "classes", type: "ordinal", scale: { range: sequence }, legend: legendPlace(room) },
          shape: { field: "steps", type: "nominal", title: "training steps", legend: legendPlace(room) },
          description: { field: "said", type: "nominal" },
        },
      },
      {
        data: { values: line.map((outliers) => ({ outliers, ratio: Math.sqrt(outliers) })) },
        mark: { type: "line", color: "var(--ink)", strokeDash: [5, 4], strokeWidth: 1.4 },
        encoding: { x, y },
      },
    ],
  });
}

/** Room for the levels of a factor beside each other. */
function levelWidth(levels: readonly string[]): number {
  const distinct = [...new Set(levels)];
  return distinct.length * Math.max(34, ...distinct.map((level) => 9 * level.length));
}

/** What the tightness of WS depends on: each factor by itself, over all values of the others. */
export function factorsFigure(results: SweepResults, room: Room): Promise<string> {
  const points = pointsOf(results).filter(({ measures }) => measures.tightness > 0);
  const factors = varying(points).filter((factor) => factor !== "steps");
  const panels = factors.map((factor, panel) => ({
    width: levelWidth(points.map((point) => String(point.factors[factor]))),
    height: 200,
    data: {
      values: points.map(({ factors, measures }) => ({
        level: factors[factor],
        ratio: measures.tightness,
        steps: factors.steps,
      })),
    },
    encoding: {
      x: { field: "level", type: "ordinal" as const, title: spaced(factor), axis: { labelAngle: 0 } },
      xOffset: { field: "steps", type: "ordinal" as const },
      color: depthColor(room),
    },
    layer: [
      {
        mark: { type: "rule" as const, strokeWidth: 1.5 },
        encoding: {
          y: {
            aggregate: "q1" as const,
            field: "ratio",
            type: "quantitative" as const,
            scale: ratioScale,
            title: panel === 0 || room.narrow ? "WS bound / λ_max" : null,
          },
          y2: { aggregate: "q3" as const, field: "ratio" },
        },
      },
      {
        mark: { type: "point" as const, filled: true, size: 34, opacity: 1 },
        encoding: {
          y: { aggregate: "median" as const, field: "ratio", type: "quantitative" as const },
        },
      },
    ],
  }));
  return toSvg({
    concat: panels,
    columns: room.narrow ? 1 : panels.length,
    spacing: 18,
    resolve: { scale: { y: "shared" } },
  });
}
