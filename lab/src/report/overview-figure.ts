import { measures } from "../experiment/measures/measures.js";
import { hasDiverged } from "../experiment/status.js";
import type { SweepResults } from "../sweep/results.js";
import type { Room } from "./figure.js";
import { formatNumber } from "./format.js";
import { labelWidth } from "./plot-area.js";
import { describedMark, toSvg } from "./vega.js";

/** Shown side by side, where they were measured. */
const overviewIds = ["trainLoss", "testAccuracy", "lambdaMax", "wsBound"];
/** Of a phone, which has room for so many panels. */
const NARROW_PANELS = 1;
const ROW = 17;
const GAP = 14;

/** All groups of all problems: one row each, a dot a seed, the mean with its 95 % interval. */
export function overviewFigure({ problems }: SweepResults, room: Room): Promise<string> {
  const measured = measures.filter(
    ({ id }) =>
      overviewIds.includes(id) && problems.some(({ groups }) => groups.some(({ summary }) => summary[id])),
  );
  const sharpness = measured.filter(({ id }) => id === "lambdaMax");
  const shown = room.narrow
    ? [...sharpness, ...measured.filter((measure) => !sharpness.includes(measure))].slice(0, NARROW_PANELS)
    : measured;
  const rows = problems.flatMap(({ label, groups }) =>
    groups.filter(({ cells }) => cells.length > 0).map((group) => ({ problem: label, group })),
  );
  const order = rows.map(({ problem, group }) => rowName(problem, group.label));
  const names = labelWidth(order, room.narrow ? 170 : 330);
  const width = (room.width - names - 30 - GAP * (shown.length - 1)) / shown.length;
  const panels = shown.map(({ id, label, format }, panel) => {
    const scale = format === "percent" ? 100 : 1;
    const measured = rows.filter(({ group }) => id in group.summary);
    const dots = measured.flatMap(({ problem, group }) =>
      // Where a run diverged to, there is nothing to be seen.
      group.cells
        .filter((cell) => !hasDiverged(cell))
        .map(({ measures }) => ({
          row: rowName(problem, group.label),
          value: measures[id] * scale,
          said: `${rowName(problem, group.label)}: ${label} ${formatNumber(measures[id] * scale)}${scale === 1 ? "" : " %"}`,
          problem,
        })),
    );
    const whole = measured.filter(({ group }) => !group.cells.some(hasDiverged));
    const means = whole.map(({ problem, group }) => {
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
          ? { ticks: false, domain: false, labelLimit: names, labelPadding: 8, grid: true }
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
      width,
      height: ROW * order.length,
      layer: [
        {
          data: { values: dots.filter(({ value }) => Number.isFinite(value)) },
          mark: { type: "point" as const, filled: true, size: 12, opacity: 0.45, ...describedMark },
          encoding: {
            x: { ...x, field: "value" },
            y,
            color,
            description: { field: "said", type: "nominal" as const },
          },
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
  return toSvg({ hconcat: panels, spacing: GAP });
}

function rowName(problem: string, group: string): string {
  return problem === "" ? group : `${problem}: ${group}`;
}
