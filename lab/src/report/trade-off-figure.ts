import type { DrawnGroup } from "./figure.js";
import { CURVE_HEIGHT, colorEncoding, toSvg, WIDTH } from "./vega.js";

/** Training loss against λ_max, one point a seed: what flatness costs. */
export function tradeOffFigure(groups: readonly DrawnGroup[]): Promise<string> {
  const values = groups.flatMap(({ label, runs }) =>
    runs.map(({ measures }) => ({ method: label, loss: measures.trainLoss, sharpness: measures.lambdaMax })),
  );
  const axis = (field: string, title: string) => ({
    field,
    type: "quantitative" as const,
    title,
    scale: { type: "log" as const, nice: false, padding: 12 },
  });
  return toSvg({
    width: WIDTH,
    height: CURVE_HEIGHT,
    data: { values: values.filter(({ loss, sharpness }) => loss > 0 && sharpness > 0) },
    mark: { type: "point", filled: true, size: 70, opacity: 0.85 },
    encoding: {
      x: axis("loss", "training loss"),
      y: axis("sharpness", "λ_max"),
      color: colorEncoding(groups, true),
    },
  });
}
