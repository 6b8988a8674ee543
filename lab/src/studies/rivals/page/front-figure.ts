import { hasDiverged } from "../../../experiment/status.js";
import type { DrawnGroup, Room } from "../../../report/figure.js";
import { formatNumber } from "../../../report/format.js";
import { colorEncoding, curveHeight, describedMark, toSvg } from "../../../report/vega.js";
import type { GroupResult } from "../../../sweep/results.js";

/** A setting that was tried: means over the seeds of the tuning. */
export interface Tried {
  readonly method: string;
  readonly loss: number;
  readonly sharpness: number;
  readonly chosen: boolean;
}

/** Settings in which no run diverged. @param labelOf of a method's family */
export function triedOf(
  groups: readonly GroupResult[],
  chosen: readonly GroupResult[],
  labelOf: (group: GroupResult) => string,
): Tried[] {
  return groups
    .filter(({ cells }) => cells.length > 0 && !cells.some(hasDiverged))
    .map((group) => ({
      method: labelOf(group),
      loss: group.summary.trainLoss.mean,
      sharpness: group.summary.lambdaMax.mean,
      chosen: chosen.includes(group),
    }))
    .filter(({ loss, sharpness }) => loss > 0 && sharpness > 0);
}

/** Those that no other has both a lower training loss and a smaller λ_max than, by training loss. */
export function paretoFront<Point extends Pick<Tried, "loss" | "sharpness">>(
  points: readonly Point[],
): Point[] {
  const ordered = [...points].sort((a, b) => a.loss - b.loss || a.sharpness - b.sharpness);
  let least = Number.POSITIVE_INFINITY;
  return ordered.filter(({ sharpness }) => {
    if (sharpness >= least) return false;
    least = sharpness;
    return true;
  });
}

/** λ_max against training loss of all settings, with the Pareto front as a line and the chosen ones ringed. */
export function frontFigure(
  tried: readonly Tried[],
  families: readonly DrawnGroup[],
  room: Room,
): Promise<string> {
  const axis = (field: string, title: string) => ({
    field,
    type: "quantitative" as const,
    title,
    scale: { type: "log" as const, nice: false, padding: 14 },
    axis: { tickCount: room.narrow ? 4 : 6, format: "~g", labelOverlap: true as const },
  });
  const position = { x: axis("loss", "training loss"), y: axis("sharpness", "λ_max") };
  const color = colorEncoding(families, room);
  return toSvg({
    width: room.width,
    height: curveHeight(room) + 60,
    autosize: { type: "fit-x" },
    layer: [
      {
        data: { values: paretoFront(tried) },
        mark: {
          type: "line",
          interpolate: "step-after",
          color: "var(--ink)",
          strokeDash: [4, 4],
          strokeWidth: 1.2,
        },
        encoding: position,
      },
      {
        data: {
          values: tried.map((one) => ({
            ...one,
            said: `${one.method}: loss ${formatNumber(one.loss)}, λ_max ${formatNumber(one.sharpness)}`,
          })),
        },
        mark: { type: "point", filled: true, size: 60, opacity: 0.9, ...describedMark },
        encoding: { ...position, color, description: { field: "said", type: "nominal" } },
      },
      {
        data: { values: tried.filter(({ chosen }) => chosen) },
        mark: { type: "point", filled: false, size: 190, strokeWidth: 1.8, opacity: 1 },
        encoding: { ...position, color },
      },
    ],
  });
}
