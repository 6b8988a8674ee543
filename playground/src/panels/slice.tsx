import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Snapshot } from "../engine/api.js";
import type { Landscape } from "../state/landscape.js";
import { inPlane, onPlane } from "../state/plane.js";
import { both, landscape, pointed, settings, shown, shownPair, snapshots } from "../state/state.js";
import type { Theme } from "../state/theme.js";
import { number } from "../text/numbers.js";
import { type Context, Plot, type Size } from "./plot.js";
import { drawMap } from "./slice-map.js";

type Place = (point: readonly [number, number]) => [number, number];

/** The loss on the plane through the start and both ends, and both paths, projected. */
export function Slice(): JSX.Element {
  const cache = useMemo(() => mapCache(), []);
  const pair = shownPair.value;
  const losses = pair?.map(({ loss }) => number(loss)).join(" and ");
  return (
    <Plot
      name="square"
      label={`The loss on the plane through the start and both ends, with the paths of both methods${losses ? `, which are at losses ${losses}` : ""}`}
      draw={(context, size, theme) => {
        const map = landscape.value;
        if (map === undefined) return;
        context.drawImage(cache(map, size, theme.dark), 0, 0, size.width, size.height);
        const { middle, half } = map.view;
        const place: Place = ([a, b]) => [
          (1 + (a - middle[0]) / half[0]) * 0.5 * size.width,
          (1 - (b - middle[1]) / half[1]) * 0.5 * size.height,
        ];
        const colors = [theme.dark ? "#dfe5ea" : "#1d2329", theme.methods[settings.value.method]];
        for (const which of both)
          drawPath(context, map, snapshots.value[which], shown.value, place, colors[which], theme);
        drawDirection(context, map, place, size, colors, theme);
        const [start] = snapshots.value[0];
        if (start !== undefined)
          dot(context, place(onPlane(map.plane, start.theta)), 3, theme.dark ? "#14181c" : "#fff", colors[0]);
      }}
    />
  );
}

function drawPath(
  context: Context,
  { plane }: Landscape,
  path: readonly Snapshot[],
  until: number,
  place: Place,
  color: string,
  { dark }: Theme,
): void {
  const points = path.map(({ theta }) => place(onPlane(plane, theta)));
  const line = (from: number, to: number, width: number, style: string) => {
    context.beginPath();
    points.slice(from, to + 1).forEach(([x, y], i) => {
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.lineWidth = width;
    context.strokeStyle = style;
    context.lineJoin = "round";
    context.lineCap = "round";
    context.stroke();
  };
  const halo = dark ? "rgb(20 24 28 / .7)" : "rgb(255 255 255 / .75)";
  if (until < points.length - 1) {
    context.globalAlpha = 0.35;
    line(until, points.length - 1, 1.5, color);
    context.globalAlpha = 1;
  }
  line(0, until, 5, halo);
  line(0, until, 2.25, color);
  if (points[until] !== undefined) dot(context, points[until], 5.5, color, dark ? "#14181c" : "#fff");
}

/** The eigenvector that is pointed at: the part of it that lies in the plane. */
function drawDirection(
  context: Context,
  { plane }: Landscape,
  place: Place,
  size: Size,
  colors: readonly string[],
  { dark }: Theme,
): void {
  const target = pointed.value;
  const pair = shownPair.value;
  if (target?.vector === undefined || pair === undefined) return;
  const [x, y] = place(onPlane(plane, pair[target.which].theta));
  const [a, b] = inPlane(plane, target.vector);
  const reach = 0.45 * size.height;
  for (const [width, style] of [
    [5, dark ? "#14181c" : "#fff"],
    [2.5, colors[target.which]],
  ] as const) {
    context.beginPath();
    context.moveTo(x - reach * a, y + reach * b);
    context.lineTo(x + reach * a, y - reach * b);
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  }
  for (const sign of [1, -1])
    dot(
      context,
      [x + sign * reach * a, y - sign * reach * b],
      3,
      colors[target.which],
      dark ? "#14181c" : "#fff",
    );
}

function dot(
  context: Context,
  [x, y]: readonly [number, number],
  radius: number,
  fill: string,
  edge: string,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = edge;
  context.stroke();
}

/** The map as a picture, drawn anew for another landscape, size or theme only. */
function mapCache() {
  const canvas = document.createElement("canvas");
  let drawn: { readonly map: Landscape; readonly width: number; readonly dark: boolean } | undefined;
  return (map: Landscape, size: Size, dark: boolean): HTMLCanvasElement => {
    if (drawn?.map === map && drawn.width === size.width && drawn.dark === dark) return canvas;
    drawn = { map, width: size.width, dark };
    const ratio = Math.min(2, devicePixelRatio);
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawMap(context, size, map, dark);
    return canvas;
  };
}
