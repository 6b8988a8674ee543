import type { DrawnGroup, Room } from "./figure.js";
import { formatNumber } from "./format.js";
import { colorEncoding, curveHeight, describedMark, toSvg } from "./vega.js";

/** Training loss against λ_max, one point a seed: what flatness costs. */
export function tradeOffFigure(groups: readonly DrawnGroup[], room: Room): Promise<string> {
  const values = groups.flatMap(({ label, runs }) =>
    runs.map(({ measures: { trainLoss: loss, lambdaMax: sharpness } }) => ({
      method: label,
      loss,
      sharpness,
      said: `${label}: loss ${formatNumber(loss)}, λ_max ${formatNumber(sharpness)}`,
    })),
  );
  const axis = (field: string, title: string) => ({
    field,
    type: "quantitative" as const,
    title,
    scale: { type: "log" as const, nice: false, padding: 12 },
    axis: { tickCount: room.narrow ? 4 : 6, format: "~g", labelOverlap: true as const },
  });
  return toSvg({
    width: room.width,
    height: curveHeight(room),
    autosize: { type: "fit-x" },
    data: { values: values.filter(({ loss, sharpness }) => loss > 0 && sharpness > 0) },
    mark: { type: "point", filled: true, size: 70, opacity: 0.85, ...describedMark },
    encoding: {
      x: axis("loss", "training loss"),
      y: axis("sharpness", "λ_max"),
      color: colorEncoding(groups, room),
      description: { field: "said", type: "nominal" },
    },
  });
}
