import { methodColors } from "../../report/colors.js";
import type { Room } from "../../report/figure.js";
import { formatNumber } from "../../report/format.js";
import { describedMark, legendPlace, toSvg } from "../../report/vega.js";
import type { SweepResults } from "../../sweep/results.js";
import { gapCandidates, gapPoints, labelOf } from "./framework.js";

/** Panels beside each other, and what an axis takes, pixels. */
const COLUMNS = { wide: 3, narrow: 1 };
const AXIS = 78;

/** Every measure of sharpness against the generalization gap: one panel a measure, one mark a run. */
export function gapFigure({ problems }: SweepResults, room: Room): Promise<string> {
  const columns = room.narrow ? COLUMNS.narrow : COLUMNS.wide;
  const side = Math.floor(room.width / columns - AXIS - (room.narrow ? 0 : 60));
  const colors = new Map(
    problems.flatMap(({ groups }) => {
      const own = methodColors(groups);
      return groups.map((group) => [labelOf(group), own.get(group.id) ?? "#888"] as const);
    }),
  );
  const panels = gapCandidates(problems).flatMap(({ id, label }) => {
    const values = gapPoints(problems, id).map(({ value, gap, problem, group }) => ({
      value,
      gap,
      configuration: labelOf(group),
      network: problem.label === "" ? "network" : problem.label,
      said: `${problem.label} ${labelOf(group)}: ${label} ${formatNumber(value)}, gap ${formatNumber(gap)}`,
    }));
    if (values.length === 0) return [];
    const positive = values.every(({ value }) => value > 0);
    return [
      {
        width: side,
        height: Math.min(side, 170),
        data: { values },
        mark: { type: "point" as const, size: 46, opacity: 0.85, strokeWidth: 1.7, ...describedMark },
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
            scale: { domain: [...colors.keys()], range: [...colors.values()] },
            legend: legendPlace(room),
          },
          shape: { field: "network", type: "nominal" as const, title: null, legend: legendPlace(room) },
          description: { field: "said", type: "nominal" as const },
        },
      },
    ];
  });
  return toSvg({ concat: panels, columns, spacing: 22 });
}
