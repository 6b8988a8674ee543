import type { Data, EncodeEntry, Mark, Spec } from "vega";
import type { Room } from "../../../report/figure.js";
import { FONT, vegaSvg } from "../../../report/vega.js";
import { landscapeFunctions } from "../functions.js";
import type { SliceDocument } from "./document.js";
import { type HeightGrid, heightGrid } from "./grid.js";
import { contourLabels } from "./labels.js";
import { endMarks, haloText, occupiedPoints, type Pixel, pathMarks } from "./overlays.js";
import { ON_RAMP, ramp } from "./ramp.js";
import { type LevelsChoice, scaleOf, type ValueScale } from "./scale.js";
import { axisTitle, sliceSubtitle, sliceTitle, titleHeight } from "./texts.js";

/** The map itself and what lies around it, pixels. */
interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function frameOf(document: SliceDocument, room: Room): Frame {
  const top = titleHeight(document, room);
  // The scale of colours stands beside the map, or below it.
  const [left, right, bottom] = room.narrow ? [52, 12, 106] : [70, 128, 48];
  return { width: room.width - left - right, height: room.narrow ? 280 : 450, left, right, top, bottom };
}

/** Steps of the colour field; more would not be seen. */
const BANDS = 40;
/** Of points where there is no value. */
const NOTHING = "#8a8a8a";

/** A plane from above: contours of the loss over the colours of another function, or of the loss itself. */
export function mapFigure(document: SliceDocument, choice: LevelsChoice, room: Room): Promise<string> {
  const frame = frameOf(document, room);
  const { width, height, ...padding } = frame;
  const { axes, options, values } = document;
  const lossScale = scaleOf("the training loss", values.loss ?? [], choice);
  const { label } = landscapeFunctions[options.colour];
  const colourScale =
    options.colour === "loss" ? lossScale : scaleOf(label, values[options.colour] ?? [], "auto");
  const loss = heightGrid(document, "loss", lossScale);
  const colour = heightGrid(document, options.colour, colourScale);
  const pixelOf = (coordinates: readonly number[]): Pixel => {
    const [u, v] = axes.map((axis, k) => (coordinates[k] - axis[0]) / (axis[axis.length - 1] - axis[0]));
    return { x: width * u, y: height * (1 - v) };
  };
  const heightAt = (x: number, y: number) =>
    loss.at((x / width) * (loss.width - 1), (1 - y / height) * (loss.height - 1));
  const labels = contourLabels(lossScale, width, height, heightAt, occupiedPoints(document, pixelOf));
  const spec: Spec = {
    width,
    height,
    // Without a canvas the widths of texts would be guessed.
    autosize: "none",
    padding,
    data: [
      contours("bands", colour, bandEdges(colourScale), frame),
      contours("lines", loss, lossScale.levels.map(lossScale.position), frame),
    ],
    scales: [
      ...axes.map((axis, k) => ({
        name: "xy"[k],
        type: "linear" as const,
        domain: [axis[0], axis[axis.length - 1]],
        range: (["width", "height"] as const)[k],
        zero: false,
      })),
      {
        name: "colour",
        type: colourScale.log ? "log" : "linear",
        domain: rampDomain(colourScale),
        range: [...ramp],
        zero: false,
      },
    ],
    axes: [
      { scale: "x", orient: "bottom", title: axisText(document, 0, room), tickCount: 7 },
      { scale: "y", orient: "left", title: axisText(document, 1, room), tickCount: 7 },
    ],
    legends: [
      {
        fill: "colour",
        type: "gradient",
        ...(room.narrow
          ? { orient: "bottom", direction: "horizontal", gradientLength: width, title: label, offset: 44 }
          : {
              // Two lines: there is room for some letters beside the map.
              title: label.split(/(?= on )/).map((line) => line.trim()),
              gradientLength: height - 40,
            }),
        gradientThickness: 14,
        format: "~g",
        tickCount: room.narrow ? 4 : 6,
      },
    ],
    marks: [
      ...titleMarks(document, frame, room),
      {
        type: "group",
        clip: true,
        encode: {
          enter: {
            width: { value: width },
            height: { value: height },
            fill: { value: ramp[0] },
          },
        },
        marks: [
          shapes("bands", { fill: { scale: "colour", signal: valueSignal(colourScale) } }),
          ...missingMarks(frame, [loss, colour]),
          shapes("lines", {
            stroke: { value: ON_RAMP },
            strokeWidth: { value: 0.9 },
            strokeOpacity: { value: 0.85 },
          }),
          ...labels.flatMap(({ x, y, level }) => haloText(String(level), x, y, ON_RAMP)),
          ...pathMarks(document, pixelOf),
          ...endMarks(document, pixelOf),
        ],
      },
    ],
  };
  return vegaSvg(spec);
}

/** As long as there is room for. */
function axisText(document: SliceDocument, axis: number, { narrow }: Room): string {
  const title = axisTitle(document, axis);
  return narrow && title.length > NARROW_TITLE ? `${title.slice(0, NARROW_TITLE)}…` : title;
}

const NARROW_TITLE = 44;

/** Title and subtitle, whose place no contour moves. */
function titleMarks(document: SliceDocument, { left, top }: Frame, room: Room): Mark[] {
  const text = (content: string, up: number, style: Readonly<Record<string, EncodeEntry[string]>>): Mark => ({
    type: "text",
    encode: {
      enter: {
        x: { value: 8 - left },
        y: { value: up },
        text: { value: content },
        font: { value: FONT },
        ...style,
      },
    },
  });
  return [
    text(sliceTitle(document), 20 - top, {
      fontSize: { value: 15 },
      fontWeight: { value: 600 },
      fill: { value: "var(--ink)" },
    }),
    ...sliceSubtitle(document, room).map((line, i) =>
      text(line, 38 + 15 * i - top, {
        fontSize: { value: room.narrow ? 11 : 11.5 },
        fill: { value: "var(--soft)" },
      }),
    ),
  ];
}

/** Regions above each threshold, in pixels, row 0 at the bottom. */
function contours(
  name: string,
  { width, height, positions }: HeightGrid,
  thresholds: number[],
  frame: Frame,
): Data {
  const grid = {
    width,
    height,
    values: positions,
    // A contour's coordinates have the first value at one half.
    scale: [frame.width / (width - 1), -frame.height / (height - 1)],
    x1: 0.5,
    y1: 0.5,
    translate: [0, frame.height],
  };
  return { name, values: [{ grid }], transform: [{ type: "isocontour", field: "grid", thresholds }] };
}

function shapes(data: string, encode: Readonly<Record<string, EncodeEntry[string]>>): Mark {
  return {
    type: "shape",
    from: { data },
    encode: { enter: encode },
    transform: [{ type: "geoshape", field: "datum.contour" }],
  };
}

/** Lower edges of the bands; nothing where all values are one. */
function bandEdges({ low, high, position }: ValueScale): number[] {
  const [from, to] = [position(low), position(high)];
  return to > from ? Array.from({ length: BANDS }, (_, i) => from + ((to - from) * i) / BANDS) : [];
}

/** The value in the middle of a band, from the position of its edge. */
function valueSignal({ low, high, position, log }: ValueScale): string {
  const middle = `datum.contour.value + ${(position(high) - position(low)) / (2 * BANDS)}`;
  return log ? `pow(10, ${middle})` : middle;
}

/** As many values as the ramp has colours, evenly spaced on the scale. */
function rampDomain({ low, high, position, log }: ValueScale): number[] {
  const [from, to] = [position(low), position(high)];
  const reach = to > from ? to - from : Math.max(Math.abs(from), 1);
  return ramp.map((_, i) => {
    const at = from + (reach * i) / (ramp.length - 1);
    return log ? 10 ** at : at;
  });
}

/** Squares about the points where something is not finite. */
function missingMarks(frame: Frame, grids: readonly HeightGrid[]): Mark[] {
  const [{ width, height }] = grids;
  const [w, h] = [frame.width / (width - 1), frame.height / (height - 1)];
  return grids
    .flatMap(({ missing }) => missing)
    .map(({ column, row }) => ({
      type: "rect",
      encode: {
        enter: {
          x: { value: (column - 0.5) * w },
          y: { value: frame.height - (row + 0.5) * h },
          width: { value: w },
          height: { value: h },
          fill: { value: NOTHING },
        },
      },
    }));
}
