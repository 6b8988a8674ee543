import { measures } from "../experiment/measures/measures.js";
import type { SweepResults } from "../sweep/results.js";
import { toSvg } from "./vega.js";

/** Shown side by side, where they were measured. */
const overviewIds = ["trainLoss", "testAccuracy", "lambdaMax", "wsBound"];
const PANEL = 190;
const ROW = 17;

/** All groups of all problems: one row each, a dot a seed, the mean with its 95 % interval. */
export function overviewFigure({ problems }: SweepResults): Promise<string> {
  const shown = measures.filter(
    ({ id }) =>
      overviewIds.includes(id) && problems.some(({ groups }) => groups.some(({ summary }) => summary[id])),
  );
  const rows = problems.flatMap(({ label, groups }) =>
    groups.filter(({ cells }) => cells.length > 0).map((group) => ({ problem: label, group })),
  );
  const order = rows.map(({ problem, group }) => rowName(problem, group.label));
  const panels = shown.map(({ id, label, format }, panel) => {
    const scale = format === "percent" ? 100 : 1;
    const measured = rows.filter(({ group }) => id in group.summary);
    const dots = measured.flatMap(({ problem, group }) =>
      group.cells.map(({ measures }) => ({
        row: rowName(problem, group.label),
        value: measures[id] * scale,
        problem,
      })),
    );
    const means = measured.map(({ problem, group }) => {
      const { mean, interval } = group.summary[id];
      const [low, high] = interval ?? [mean, mean];
      return {
        row: rowName(problem, group.label),
        mean: mean * scale,
        low: low * scale,
        high: high * scale,
        problem,
      };
    });
    const y = {
      field: "row",
      type: "nominal" as const,
      sort: order,
      title: null,
      axis:
        panel === 0
          ? { ticks: false, domain: false, labelLimit: 330, labelPadding: 8, grid: true }
          : { labels: false, ticks: false, domain: false, grid: true },
    };
    const x = {
      type: "quantitative" as const,
      title: format === "percent" ? `${label} (%)` : label,
      scale: { zero: false, nice: true },
      axis: { tickCount: 4, grid: false },
    };
    const color = {
      field: "problem",
      type: "nominal" as const,
      legend: null,
      scale: { scheme: "tableau10" as const },
    };
    return {
      width: PANEL,
      height: ROW * order.length,
      layer: [
        {
          data: { values: dots.filter(({ value }) => Number.isFinite(value)) },
          mark: { type: "point" as const, filled: true, size: 12, opacity: 0.45 },
          encoding: { x: { ...x, field: "value" }, y, color },
        },
        {
          data: { values: means.filter(({ low }) => Number.isFinite(low)) },
          mark: { type: "rule" as const, strokeWidth: 1.6 },
          encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, color },
        },
        {
          data: { values: means.filter(({ mean }) => Number.isFinite(mean)) },
          mark: { type: "tick" as const, thickness: 2.2, bandSize: 11, opacity: 1 },
          encoding: { x: { ...x, field: "mean" }, y, color },
        },
      ],
    };
  });
  return toSvg({ hconcat: panels, spacing: 14 });
}

function rowName(problem: string, group: string): string {
  return problem === "" ? group : `${problem}: ${group}`;
}
