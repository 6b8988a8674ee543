import { toSvg } from "../../report/vega.js";
import type { SweepResults } from "../../sweep/results.js";
import { gapCandidates, gapPoints, labelOf } from "./framework.js";

const PANEL = 170;
const COLUMNS = 3;

/** Every measure of sharpness against the generalization gap: one panel a measure, one mark a run. */
export function gapFigure({ problems }: SweepResults): Promise<string> {
  const panels = gapCandidates(problems).flatMap(({ id, label }) => {
    const values = gapPoints(problems, id).map(({ value, gap, problem, group }) => ({
      value,
      gap,
      configuration: labelOf(group),
      network: problem.label === "" ? "network" : problem.label,
    }));
    if (values.length === 0) return [];
    const positive = values.every(({ value }) => value > 0);
    return [
      {
        width: PANEL,
        height: PANEL,
        data: { values },
        mark: { type: "point" as const, size: 46, opacity: 0.85, strokeWidth: 1.7 },
        encoding: {
          x: {
            field: "value",
            type: "quantitative" as const,
            title: label,
            scale: positive
              ? { type: "log" as const, nice: false, padding: 10 }
              : { zero: false, nice: false, padding: 10 },
            axis: { tickCount: 4, grid: false },
          },
          y: {
            field: "gap",
            type: "quantitative" as const,
            title: "test − training loss",
            scale: { zero: false },
            axis: { tickCount: 5 },
          },
          color: {
            field: "configuration",
            type: "nominal" as const,
            title: null,
            scale: { scheme: "tableau10" as const },
          },
          shape: { field: "network", type: "nominal" as const, title: null },
        },
      },
    ];
  });
  return toSvg({ concat: panels, columns: COLUMNS, spacing: 22 });
}
