import type { Mark } from "vega";
import { type MethodConfig, methods } from "../../../experiment/methods.js";
import { methodColors } from "../../../report/colors.js";
import { FONT } from "../../../report/vega.js";
import type { PathPoint } from "../directions.js";
import type { SliceDocument } from "./document.js";
import { HALO, PATH } from "./ramp.js";

/** A point of the plane in pixels, y downwards. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Between two labels of a path, pixels. */
const LABEL_DISTANCE = 46;

/** The paths of trainings with their steps. @param pixelOf where coordinates lie */
export function pathMarks(
  document: SliceDocument,
  pixelOf: (coordinates: readonly number[]) => Pixel,
): Mark[] {
  const taken: Pixel[] = [];
  return pathsOf(document).flatMap(({ path, color }) => markedPath(path, color, pixelOf, taken));
}

/** Every path with its colour: of two, those of their methods. */
export function pathsOf({ path, otherPath, otherMethod, config }: SliceDocument) {
  if (!path) return [];
  if (!otherPath || !otherMethod) return [{ path, color: PATH }];
  const colors = methodColors([
    { id: "own", method: config.method as MethodConfig },
    { id: "other", method: otherMethod },
  ]);
  return [
    { path, color: colors.get("own") ?? PATH },
    { path: otherPath, color: colors.get("other") ?? PATH },
  ];
}

function markedPath(
  path: readonly PathPoint[],
  color: string,
  pixelOf: (coordinates: readonly number[]) => Pixel,
  taken: Pixel[],
): Mark[] {
  const points = path.map(({ step, coordinates }) => ({ step, ...pixelOf(coordinates) }));
  const line = (stroke: string, strokeWidth: number): Mark => ({
    type: "line",
    from: { data: "path" },
    encode: {
      enter: {
        x: { field: "x" },
        y: { field: "y" },
        stroke: { value: stroke },
        strokeWidth: { value: strokeWidth },
        strokeJoin: { value: "round" },
      },
    },
  });
  return [
    {
      type: "group",
      data: [{ name: "path", values: points }],
      marks: [
        line(HALO, 4),
        line(color, 2),
        {
          type: "symbol",
          from: { data: "path" },
          encode: {
            enter: {
              x: { field: "x" },
              y: { field: "y" },
              size: { value: 26 },
              fill: { value: color },
              stroke: { value: HALO },
              strokeWidth: { value: 0.8 },
            },
          },
        },
      ],
    },
    ...labelled(points, taken).flatMap(({ x, y, step }) =>
      haloText(step === points[0].step ? `step ${step}` : String(step), x, y - 11, color),
    ),
  ];
}

/** The first, the last, and those between that are far from each other and from what is labelled already. */
function labelled<Point extends Pixel>(points: readonly Point[], taken: Pixel[]): Point[] {
  const isFree = (point: Point) =>
    taken.every(({ x, y }) => Math.hypot(point.x - x, point.y - y) >= LABEL_DISTANCE);
  const chosen: Point[] = [];
  for (const point of [points[0], points[points.length - 1], ...points.slice(1, -1)])
    if (isFree(point)) {
      chosen.push(point);
      taken.push(point);
    }
  return chosen;
}

/** Theta, and where the line leads. */
function endsOf({ to, axes, path, otherPath, config }: SliceDocument) {
  return [
    // At the end of a path its step stands already; of two, what it is.
    {
      coordinates: axes.map(() => 0),
      text: otherPath ? methods[config.method.name].label : path ? "" : "θ",
    },
    ...(to === undefined ? [] : [{ coordinates: axes.map((_, k) => (k === 0 ? 1 : 0)), text: to.name }]),
  ];
}

/** Where points and their names are. */
export function occupiedPoints(
  document: SliceDocument,
  pixelOf: (coordinates: readonly number[]) => Pixel,
): Pixel[] {
  return [...endsOf(document), ...pathsOf(document).flatMap(({ path }) => path)].map(({ coordinates }) =>
    pixelOf(coordinates),
  );
}

/** Where theta is, and where the line leads. */
export function endMarks(
  document: SliceDocument,
  pixelOf: (coordinates: readonly number[]) => Pixel,
): Mark[] {
  return endsOf(document).flatMap(({ coordinates, text }): Mark[] => {
    const { x, y } = pixelOf(coordinates);
    return [
      {
        type: "symbol",
        encode: {
          enter: {
            x: { value: x },
            y: { value: y },
            shape: { value: "diamond" },
            size: { value: 90 },
            fill: { value: PATH },
            stroke: { value: HALO },
            strokeWidth: { value: 1.5 },
          },
        },
      },
      ...haloText(text, x, y + 17, PATH),
    ];
  });
}

/** Letters that can be read on every ground. */
export function haloText(text: string, x: number, y: number, color: string): Mark[] {
  const mark = (encode: Record<string, { value: string | number }>): Mark => ({
    type: "text",
    encode: {
      enter: {
        x: { value: x },
        y: { value: y },
        text: { value: text },
        align: { value: "center" },
        baseline: { value: "middle" },
        font: { value: FONT },
        fontSize: { value: 11 },
        ...encode,
      },
    },
  });
  return [
    mark({
      stroke: { value: HALO },
      strokeWidth: { value: 3 },
      strokeJoin: { value: "round" },
      fill: { value: HALO },
    }),
    mark({ fill: { value: color } }),
  ];
}
