import type { DrawnGroup } from "./figure.js";
import { CURVE_HEIGHT, colorEncoding, toSvg, WIDTH } from "./vega.js";

/** One run's values along training. */
type Curve = readonly { readonly step: number; readonly value: number }[];

/** A training curve: geometric mean over seeds, and the range of the seeds as a band. */
export function curveFigure(
  groups: readonly DrawnGroup[],
  field: "trainLoss" | "wsBound",
  title: string,
): Promise<string> {
  return drawCurves(groups, title, ({ curve = [] }) =>
    curve.map((point) => ({ step: point.step, value: point[field] ?? Number.NaN })),
  );
}

/** The same of λ_max over the edge of the optimizer's filter. */
export function edgeCurveFigure(groups: readonly DrawnGroup[]): Promise<string> {
  return drawCurves(groups, "λ_max / edge", ({ sharpness = [], measures }) =>
    sharpness.map(({ step, lambdaMax }) => ({ step, value: lambdaMax / measures.filterEdge })),
  );
}

function drawCurves(
  groups: readonly DrawnGroup[],
  title: string,
  curveOf: (run: DrawnGroup["runs"][number]) => Curve,
): Promise<string> {
  const values = groups.flatMap(({ label, runs }) => {
    const curves = runs.map((run) => new Map(curveOf(run).map(({ step, value }) => [step, value])));
    return commonSteps(curves).flatMap((step) => {
      const atStep = curves.map((curve) => curve.get(step) ?? Number.NaN).filter((value) => value > 0);
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
    });
  });
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
function commonSteps(curves: readonly ReadonlyMap<number, number>[]): number[] {
  const [first = new Map<number, number>(), ...others] = curves;
  return [...first.keys()].filter((step) => others.every((curve) => curve.has(step))).sort((a, b) => a - b);
}
