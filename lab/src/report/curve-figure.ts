import type { DrawnGroup } from "./figures.js";
import { CURVE_HEIGHT, colorEncoding, toSvg, WIDTH } from "./vega.js";

/** A training curve: geometric mean over seeds, and the range of the seeds as a band. */
export function curveFigure(
  groups: readonly DrawnGroup[],
  field: "trainLoss" | "wsBound",
  title: string,
): Promise<string> {
  const values = groups.flatMap(({ label, runs }) =>
    commonSteps(runs.map(({ curve = [] }) => curve.map((point) => point.step))).flatMap((step) => {
      const atStep = runs
        .map((run) => run.curve?.find((point) => point.step === step)?.[field] ?? Number.NaN)
        .filter((value) => value > 0);
      if (atStep.length === 0) return [];
      const logs = atStep.map(Math.log);
      return [
        {
          method: label,
          step,
          middle: Math.exp(logs.reduce((a, b) => a + b) / logs.length),
          low: Math.min(...atStep),
          high: Math.max(...atStep),
        },
      ];
    }),
  );
  const x = {
    field: "step",
    type: "quantitative" as const,
    title: "training step",
    axis: { grid: false, tickCount: 6 },
  };
  const scale = { type: "log" as const, nice: false };
  const color = colorEncoding(groups, true, "stroke");
  return toSvg({
    width: WIDTH,
    height: CURVE_HEIGHT,
    data: { values },
    layer: [
      {
        mark: { type: "area", opacity: 0.13 },
        encoding: {
          x,
          y: { field: "low", type: "quantitative", scale, title },
          y2: { field: "high" },
          color,
        },
      },
      {
        mark: { type: "line", strokeWidth: 2.2 },
        encoding: {
          x,
          y: { field: "middle", type: "quantitative", scale, title },
          color,
        },
      },
    ],
  });
}

/** Steps that every seed recorded: a diverged run may have stopped early. */
function commonSteps(steps: readonly (readonly number[])[]): number[] {
  return [...new Set(steps.flat())]
    .filter((step) => steps.every((seen) => seen.includes(step)))
    .sort((a, b) => a - b);
}
