import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Comparison } from "../experiment/compare.js";
import { methodColors } from "./colors.js";
import { colorScheme } from "./style.js";

const WIDTH = 620;
const CURVE_HEIGHT = 280;
const SPECTRUM_ROW = 46;

/** Colours of axes and text follow the page, light or dark. */
const pageConfig = {
  // One label for the whole figure, not one for each of thousands of ticks.
  aria: false,
  background: "transparent",
  font: "system-ui, sans-serif",
  view: { stroke: null },
  axis: {
    labelColor: "var(--ink)",
    titleColor: "var(--ink)",
    domainColor: "var(--rule)",
    tickColor: "var(--rule)",
    gridColor: "var(--grid)",
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
  },
  legend: {
    labelColor: "var(--ink)",
    titleColor: "var(--ink)",
    labelFontSize: 12,
    labelLimit: 240,
    symbolStrokeWidth: 3,
  },
} as const;

/** A picture for the page, and for a file of its own. */
export interface Figure {
  readonly name: string;
  readonly caption: string;
  /** Refers to the page's colours. */
  readonly svg: string;
}

/** All figures of a comparison, in the order of the report. */
export async function comparisonFigures(comparison: Comparison): Promise<Figure[]> {
  const curves = "Line: geometric mean over seeds; band: their range.";
  return [
    {
      name: "spectrum",
      caption:
        "The whole spectrum of the training loss Hessian at the end of training. Each tick is one eigenvalue of one seed; diamonds are the WS upper bound on λ_max of each seed.",
      svg: await spectrumFigure(comparison),
    },
    {
      name: "training-loss",
      caption: `Training loss, without penalties. ${curves}`,
      svg: await curveFigure(comparison, "trainLoss", "training loss"),
    },
    {
      name: "ws-bound",
      caption: `The Wolkowicz–Styan upper bound on λ_max along training. ${curves}`,
      svg: await curveFigure(comparison, "wsBound", "WS bound on λ_max"),
    },
    {
      name: "trade-off",
      caption: "What flatness costs: the largest eigenvalue against the training loss, one point a seed.",
      svg: await tradeOffFigure(comparison),
    },
  ];
}

/** A figure that stands alone, with the page's colours inside. */
export function standaloneSvg({ svg }: Figure): string {
  return svg.replace(/(<svg[^>]*>)/, `$1<style>${colorScheme}</style>`);
}

async function toSvg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile({ config: pageConfig as never, ...spec }).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

/** Colour by method, in the order of the table. */
function colorEncoding({ methods }: Comparison, legend: boolean, symbolType = "circle") {
  const colors = methodColors(methods);
  return {
    field: "method",
    type: "nominal" as const,
    scale: {
      domain: methods.map((method) => method.label),
      range: methods.map((method) => colors.get(method.id) ?? "#888"),
    },
    legend: legend ? { title: null, orient: "right" as const, symbolType, symbolOpacity: 1 } : null,
  };
}

/** A training curve: geometric mean over seeds, and the range of the seeds as a band. */
function curveFigure(comparison: Comparison, field: "trainLoss" | "wsBound", title: string): Promise<string> {
  const values = comparison.methods.flatMap(({ label, runs }) =>
    commonSteps(runs.map((run) => run.curve.map((point) => point.step))).flatMap((step) => {
      const atStep = runs
        .map((run) => run.curve.find((point) => point.step === step)?.[field] ?? Number.NaN)
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
  const color = colorEncoding(comparison, true, "stroke");
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

/** Every eigenvalue of every seed as a tick, with the WS upper bound of each seed as a diamond. */
function spectrumFigure(comparison: Comparison): Promise<string> {
  const everyTick = comparison.methods.flatMap(({ label, runs }) =>
    runs.flatMap((run) => run.eigenvalues.map((value) => ({ method: label, value }))),
  );
  const bounds = comparison.methods.flatMap(({ label, runs }) =>
    runs
      .map((run) => ({ method: label, value: run.measures.wsBound }))
      .filter(({ value }) => Number.isFinite(value)),
  );
  const size = [...everyTick, ...bounds].reduce(
    (largest, { value }) => Math.max(largest, Math.abs(value)),
    0,
  );
  const least = everyTick.reduce((smallest, { value }) => Math.min(smallest, value), 0);
  const { linear, marks } = symmetricLogAxis(size);
  const ticks = withoutHidden(everyTick, linear);
  const order = comparison.methods.map((method) => method.label);
  const y = {
    field: "method",
    type: "nominal" as const,
    sort: order,
    title: null,
    axis: { ticks: false, domain: false, labelPadding: 8, labelLimit: 220 },
  };
  const x = {
    field: "value",
    type: "quantitative" as const,
    title: `eigenvalue of the Hessian (symmetric log scale, linear within ±${linear.toExponential(0)})`,
    scale: {
      type: "symlog" as const,
      constant: linear,
      nice: false,
      domain: [Math.min(least, -linear) * 1.5, size * 1.5],
    },
    axis: { values: marks, format: "~g", labelOverlap: true as const, labelFlush: false },
  };
  return toSvg({
    width: WIDTH,
    height: SPECTRUM_ROW * order.length,
    layer: [
      {
        data: { values: [{ value: 0 }] },
        mark: { type: "rule", color: "var(--rule)" },
        encoding: { x: { ...x } },
      },
      {
        data: { values: ticks },
        mark: { type: "tick", thickness: 1.2, bandSize: 26, opacity: 0.45 },
        encoding: { x, y, color: colorEncoding(comparison, false) },
      },
      {
        data: { values: bounds },
        mark: { type: "point", shape: "diamond", size: 46, filled: false, strokeWidth: 1.4, yOffset: 0 },
        encoding: { x, y, color: colorEncoding(comparison, false) },
      },
    ],
  });
}

/** Ticks on one spot of the picture beyond which more would not be seen. */
const VISIBLE_TICKS = 4;

/** Leaves out ticks that lie under several others of their method: a large spectrum has far more of them than pixels. */
function withoutHidden<Tick extends { readonly method: string; readonly value: number }>(
  ticks: readonly Tick[],
  linear: number,
): Tick[] {
  const onSpot = new Map<string, number>();
  return ticks.filter(({ method, value }) => {
    const place = Math.sign(value) * Math.log1p(Math.abs(value) / linear);
    const spot = `${method} ${Math.round(100 * place)}`;
    const count = (onSpot.get(spot) ?? 0) + 1;
    onSpot.set(spot, count);
    return count <= VISIBLE_TICKS;
  });
}

/** Powers of ten on both sides of 0, and where the scale turns linear: five decades below the largest value. */
function symmetricLogAxis(size: number): { linear: number; marks: number[] } {
  const top = size > 0 ? Math.ceil(Math.log10(size)) : 0;
  const positive = [-4, -3, -2, -1, 0].map((k) => Number(`1e${top + k}`));
  return { linear: Number(`1e${top - 5}`), marks: [...positive.map((mark) => -mark), 0, ...positive] };
}

/** Training loss against λ_max, one point a seed: what flatness costs. */
function tradeOffFigure(comparison: Comparison): Promise<string> {
  const values = comparison.methods.flatMap(({ label, runs }) =>
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
      color: colorEncoding(comparison, true),
    },
  });
}
