import type { Room } from "../../../report/figure.js";
import { formatNumber } from "../../../report/format.js";
import { labelWidth, plotArea, spread } from "../../../report/plot-area.js";
import { describedMark, labelled, toSvg } from "../../../report/vega.js";
import type { FunctionId } from "../functions.js";
import { landscapeFunctions } from "../functions.js";
import type { SliceDocument } from "./document.js";
import { type LevelsChoice, scaleOf } from "./scale.js";
import { axisTitle, sliceSubtitle, sliceTitle, titleHeight, valueText } from "./texts.js";

const HEIGHT = { wide: 300, narrow: 220 };
/** Room beside the axes, pixels. */
const LEFT = { wide: 70, narrow: 56 };
const RIGHT = 16;

/**
 * A function along a line, or one under another, which is dashed; of the loss, also the parabola that its first two
 * derivatives at the centre make.
 */
export function curveFigure(
  document: SliceDocument,
  ids: readonly FunctionId[],
  choice: LevelsChoice,
  room: Room,
): Promise<string> {
  const [axis] = document.axes;
  const [id] = ids;
  const labels = ids.map((one) => landscapeFunctions[one].label as string);
  const scale = scaleOf(
    labels[0],
    ids.flatMap((one) => document.values[one] ?? []),
    choice,
  );
  const pad = scale.log ? 1.15 : 0.04 * (scale.high - scale.low || 1);
  const domain = scale.log ? [scale.low / pad, scale.high * pad] : [scale.low - pad, scale.high + pad];
  const curves = ids.map((one, k) =>
    axis.map((t, i) => {
      const value = document.values[one]?.[i] ?? null;
      return {
        t,
        value,
        parabola: one === "loss" ? parabola(document, t) : null,
        said: `${labels[k]} ${valueText(value)} at ${formatNumber(t)}`,
      };
    }),
  );
  const x = {
    field: "t",
    type: "quantitative" as const,
    title: axisTitle(document, 0),
    scale: { domain: [axis[0], axis[axis.length - 1]], nice: false },
    axis: { grid: false, tickCount: room.narrow ? 5 : 9 },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative" as const,
    title: labels[0],
    scale: { type: scale.log ? ("log" as const) : ("linear" as const), domain, nice: false },
    axis: { tickCount: 6, format: "~g", ...labelled },
  });
  const ends = [
    { t: 0, text: "θ" },
    ...(document.to === undefined ? [] : [{ t: 1, text: document.to.name }]),
  ].filter(({ t }) => t >= axis[0] && t <= axis[axis.length - 1]);
  const path = id === "loss" ? (document.path ?? []) : [];
  const height = room.narrow ? HEIGHT.narrow : HEIGHT.wide;
  const position = (value: number | null) =>
    (height * (scale.position(domain[1]) - scale.position(value))) /
    (scale.position(domain[1]) - scale.position(domain[0]));
  const names =
    ids.length === 1
      ? []
      : spread(
          curves.map((curve) => position(curve[curve.length - 1].value)),
          height,
        ).map((place, k) => ({ place, text: labels[k] }));
  return toSvg({
    ...plotArea(room, height, {
      left: room.narrow ? LEFT.narrow : LEFT.wide,
      right: RIGHT + labelWidth(names.map(({ text }) => text)),
      top: titleHeight(document, room),
    }),
    title: {
      text: sliceTitle(document).replace("The training loss", capitalized(labels[0])),
      subtitle: sliceSubtitle(document, room),
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
                values: curves[0].filter(({ parabola: p }) => p !== null && p >= domain[0] && p <= domain[1]),
              },
              mark: { type: "line" as const, color: "var(--ink)", strokeWidth: 1.2, strokeDash: [5, 4] },
              encoding: { x, y: y("parabola") },
            },
          ]
        : []),
      ...curves.map((values, k) => ({
        data: { values },
        mark: {
          type: "line" as const,
          color: "var(--accent)",
          strokeWidth: k === 0 ? 2.2 : 1.6,
          ...(k === 0 ? {} : { strokeDash: [6, 4] }),
          invalid: "break-paths-show-path-domains" as const,
        },
        encoding: { x, y: y("value") },
      })),
      {
        // What a pointer finds.
        data: { values: room.narrow ? [] : curves.flat().filter(({ value }) => value !== null) },
        mark: { type: "circle", size: 60, opacity: 0, ...describedMark },
        encoding: { x, y: y("value"), description: { field: "said", type: "nominal" } },
      },
      {
        data: { values: path.map(({ step, coordinates: [t], loss }) => ({ t, loss, step })) },
        mark: { type: "point", filled: true, size: 22, color: "#d55e00", clip: true },
        encoding: { x, y: y("loss") },
      },
      {
        data: { values: names },
        mark: { type: "text", align: "left", dx: 6, fontSize: 12, color: "var(--ink)" },
        encoding: {
          x: { value: "width" },
          y: { field: "place", type: "quantitative", scale: null },
          text: { field: "text" },
        },
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
