import type { DrawnGroup, Room } from "./figure.js";
import { formatNumber } from "./format.js";
import { labelWidth, plotArea, spread } from "./plot-area.js";
import { colorEncoding, curveHeight, describedMark, labelled, toSvg } from "./vega.js";

/** One run's values along training. */
type Curve = readonly { readonly step: number; readonly value: number }[];

/** A training curve: geometric mean over seeds, and the range of the seeds as a band. */
export function curveFigure(
  groups: readonly DrawnGroup[],
  field: "trainLoss" | "wsBound",
  title: string,
  room: Room,
): Promise<string> {
  return drawCurves(groups, title, room, ({ curve = [] }) =>
    curve.map((point) => ({ step: point.step, value: point[field] ?? Number.NaN })),
  );
}

/** The same of λ_max over the edge of the optimizer's filter. */
export function edgeCurveFigure(groups: readonly DrawnGroup[], room: Room): Promise<string> {
  return drawCurves(groups, "λ_max / edge", room, ({ sharpness = [], measures }) =>
    sharpness.map(({ step, lambdaMax }) => ({ step, value: lambdaMax / measures.filterEdge })),
  );
}

function drawCurves(
  groups: readonly DrawnGroup[],
  title: string,
  room: Room,
  curveOf: (run: DrawnGroup["runs"][number]) => Curve,
): Promise<string> {
  const values = groups.flatMap(({ label, runs }) => pointsOf(label, runs.map(curveOf)));
  const domain = [
    values.reduce((least, { low }) => Math.min(least, low), Number.POSITIVE_INFINITY),
    values.reduce((most, { high }) => Math.max(most, high), 0),
  ];
  const height = curveHeight(room);
  const x = {
    field: "step",
    type: "quantitative" as const,
    title: "training step",
    scale: { nice: false },
    axis: { grid: false, tickCount: room.narrow ? 4 : 6 },
  };
  const scale = { type: "log" as const, nice: false, domain };
  const y = (field: string) => ({ field, type: "quantitative" as const, scale, title, axis: yAxis(domain) });
  const color = colorEncoding(groups, room.narrow ? room : undefined, "stroke");
  const ends = endLabels(values, domain, height);
  const sides = { left: 62, right: room.narrow ? 14 : 14 + labelWidth(groups.map(({ label }) => label)) };
  return toSvg({
    ...plotArea(room, height, sides),
    ...(room.narrow ? { autosize: { type: "fit-x" as const }, width: room.width, padding: 4 } : {}),
    data: { values },
    layer: [
      {
        mark: { type: "area", opacity: 0.13 },
        encoding: { x, y: y("low"), y2: { field: "high" }, color },
      },
      { mark: { type: "line", strokeWidth: 2.2 }, encoding: { x, y: y("middle"), color } },
      {
        // What a pointer finds.
        mark: { type: "circle", size: 90, opacity: 0, ...describedMark },
        encoding: { x, y: y("middle"), color, description: { field: "said", type: "nominal" } },
      },
      ...(room.narrow
        ? []
        : [
            {
              data: { values: ends },
              mark: { type: "text" as const, align: "left" as const, dx: 6, fontSize: 12 },
              encoding: {
                x: { value: "width" as const },
                y: { field: "place", type: "quantitative" as const, scale: null },
                text: { field: "method" },
                color,
              },
            },
          ]),
    ],
  });
}

interface CurveValue {
  readonly method: string;
  readonly step: number;
  readonly middle: number;
  readonly low: number;
  readonly high: number;
  readonly said: string;
}

function pointsOf(method: string, runs: readonly Curve[]): CurveValue[] {
  const curves = runs.map((curve) => new Map(curve.map(({ step, value }) => [step, value])));
  return commonSteps(curves).flatMap((step) => {
    const atStep = curves.map((curve) => curve.get(step) ?? Number.NaN).filter((value) => value > 0);
    if (atStep.length === 0) return [];
    const middle = Math.exp(atStep.reduce((sum, value) => sum + Math.log(value) / atStep.length, 0));
    const said = `${method}, step ${step}: ${formatNumber(middle)}`;
    return [{ method, step, middle, low: Math.min(...atStep), high: Math.max(...atStep), said }];
  });
}

/** Steps that every seed recorded: a diverged run may have stopped early. */
function commonSteps(curves: readonly ReadonlyMap<number, number>[]): number[] {
  const [first = new Map<number, number>(), ...others] = curves;
  return [...first.keys()].filter((step) => others.every((curve) => curve.has(step))).sort((a, b) => a - b);
}

/** The names of lines where they end. */
function endLabels(values: readonly CurveValue[], [low, high]: readonly number[], height: number) {
  const last = [...new Map(values.map((value) => [value.method, value])).values()];
  const reach = Math.log(high / low) || 1;
  const places = last.map(({ middle }) => (height * Math.log(high / middle)) / reach);
  return spread(places, height).map((place, i) => ({ method: last[i].method, place }));
}

/** Powers of ten, and what lies between them where they are few. */
function yAxis([low, high]: readonly number[]) {
  const decades = Math.log10(high / low);
  const from = Math.floor(Math.log10(low));
  const factors = decades > 3 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 3, 5];
  const count = Number.isFinite(decades) ? Math.ceil(decades) + 2 : 0;
  const stride = Math.max(1, Math.ceil(decades / 8));
  const values = Array.from({ length: count }, (_, i) => from + i)
    .filter((exponent) => exponent % stride === 0)
    .flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`)))
    .filter((value) => value >= low && value <= high);
  return { values, format: "~g", ...labelled };
}
