import { toSvg, WIDTH } from "../../../report/vega.js";
import type { FunctionId } from "../functions.js";
import { landscapeFunctions } from "../functions.js";
import type { SliceDocument } from "./document.js";
import { type LevelsChoice, scaleOf } from "./scale.js";
import { axisTitle, sliceSubtitle, sliceTitle, titleHeight } from "./texts.js";

const HEIGHT = 300;

/** A function along a line; of the loss, also the parabola that its first two derivatives at the centre make. */
export function curveFigure(document: SliceDocument, id: FunctionId, choice: LevelsChoice): Promise<string> {
  const [axis] = document.axes;
  const { label } = landscapeFunctions[id];
  const list = document.values[id] ?? [];
  const scale = scaleOf(label, list, choice);
  const pad = scale.log ? 1.15 : 0.04 * (scale.high - scale.low || 1);
  const domain = scale.log ? [scale.low / pad, scale.high * pad] : [scale.low - pad, scale.high + pad];
  const values = axis.map((t, i) => ({
    t,
    value: list[i],
    parabola: id === "loss" ? parabola(document, t) : null,
  }));
  const x = {
    field: "t",
    type: "quantitative" as const,
    title: axisTitle(document, 0),
    scale: { domain: [axis[0], axis[axis.length - 1]], nice: false },
    axis: { grid: false, tickCount: 9 },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative" as const,
    title: label,
    scale: { type: scale.log ? ("log" as const) : ("linear" as const), domain, nice: false },
    axis: { tickCount: 6, format: "~g" },
  });
  const ends = [
    { t: 0, text: "θ" },
    ...(document.to === undefined ? [] : [{ t: 1, text: document.to.name }]),
  ].filter(({ t }) => t >= axis[0] && t <= axis[axis.length - 1]);
  const path = id === "loss" ? (document.path ?? []) : [];
  return toSvg({
    width: WIDTH,
    height: HEIGHT,
    autosize: "none",
    padding: { left: 70, right: 16, top: titleHeight(document), bottom: 48 },
    title: {
      text: sliceTitle(document).replace("The training loss", capitalized(label)),
      subtitle: sliceSubtitle(document),
      anchor: "start",
      frame: "bounds",
    },
    layer: [
      {
        data: { values: ends },
        mark: { type: "rule", color: "var(--rule)", strokeDash: [4, 3] },
        encoding: { x },
      },
      {
        data: { values: ends },
        mark: { type: "text", align: "left", dx: 5, baseline: "top", fontSize: 12, color: "var(--soft)" },
        encoding: { x, y: { value: 4 }, text: { field: "text" } },
      },
      ...(id === "loss"
        ? [
            {
              data: {
                values: values.filter(({ parabola: p }) => p !== null && p >= domain[0] && p <= domain[1]),
              },
              mark: { type: "line" as const, color: "var(--ink)", strokeWidth: 1.2, strokeDash: [5, 4] },
              encoding: { x, y: y("parabola") },
            },
          ]
        : []),
      {
        data: { values },
        mark: {
          type: "line",
          color: "var(--accent)",
          strokeWidth: 2.2,
          invalid: "break-paths-show-path-domains",
        },
        encoding: { x, y: y("value") },
      },
      {
        data: { values: path.map(({ step, coordinates: [t], loss }) => ({ t, loss, step })) },
        mark: { type: "point", filled: true, size: 22, color: "#d55e00", clip: true },
        encoding: { x, y: y("loss") },
      },
    ],
  });
}

/** The loss to second order in t. */
function parabola(
  { centre, directions: [{ length, slope, curvature }] }: SliceDocument,
  t: number,
): number | null {
  const loss = centre.loss?.[0];
  if (loss === null || loss === undefined) return null;
  const s = t * length;
  return loss + slope * s + 0.5 * curvature * s * s;
}

function capitalized(text: string): string {
  return text.startsWith("training") || text.startsWith("test") ? `The ${text}` : text;
}
