import type { Room } from "../../../report/figure.js";
import { labelWidth, plotArea } from "../../../report/plot-area.js";
import { toSvg } from "../../../report/vega.js";
import type { ExplainResult } from "../analyze.js";

/** On a page, beside the names of classes. */
const SIDE = 440;
/** Shares of pairs below this part of the largest are left blank. */
const FLOOR = 0.004;

/** The matrix of pairs of the sharpest samples, ordered by class: blue adds to the bound, red takes from it. */
export function pairsFigure({ pictured, samples, classes }: ExplainResult, room: Room): Promise<string> {
  const { samples: positions, shares } = pictured;
  const most = shares.flat().reduce((size, share) => Math.max(size, Math.abs(share)), 0);
  const labels = positions.map((i) => samples[i].label);
  const starts = classes
    .map(({ name }, k) => ({ name, from: labels.indexOf(k), to: labels.lastIndexOf(k) + 1 }))
    .filter(({ from }) => from >= 0);
  const count = positions.length;
  const scale = { domain: [0, count], nice: false, zero: true };
  const cells = shares.flatMap((row, i) =>
    row.flatMap((share, j) => {
      const size = Math.abs(share) / most;
      // The root shows small shares too.
      return size < FLOOR
        ? []
        : [{ i, j, right: i + 1, top: j + 1, size: Math.sqrt(size), positive: share > 0 }];
    }),
  );
  const axis = (field: string) => ({ field, type: "quantitative" as const, axis: null, scale });
  const upward = { ...scale, reverse: true };
  const names = starts.map(({ name, from, to }) => ({ name, middle: (from + to) / 2 }));
  const left =
    14 +
    labelWidth(
      names.map(({ name }) => name),
      room.narrow ? 90 : 200,
    );
  const side = Math.min(SIDE, room.width - left - 8);
  return toSvg({
    ...plotArea({ ...room, width: side + left + 8 }, side, { left, right: 8, bottom: 8 }),
    layer: [
      {
        data: { values: cells },
        mark: { type: "rect" as const, stroke: null },
        encoding: {
          x: axis("i"),
          x2: { field: "right" },
          y: { ...axis("j"), scale: upward },
          y2: { field: "top" },
          color: {
            field: "positive",
            type: "nominal" as const,
            scale: { domain: [true, false], range: ["#2f6fd0", "#d55e00"] },
            legend: null,
          },
          opacity: {
            field: "size",
            type: "quantitative" as const,
            scale: { domain: [0, 1], range: [0.03, 1] },
            legend: null,
          },
        },
      },
      {
        data: { values: [0, ...starts.map(({ to }) => to)].map((at) => ({ at })) },
        mark: { type: "rule" as const, color: "var(--rule)", strokeWidth: 0.8 },
        encoding: { x: axis("at") },
      },
      {
        data: { values: [0, ...starts.map(({ to }) => to)].map((at) => ({ at })) },
        mark: { type: "rule" as const, color: "var(--rule)", strokeWidth: 0.8 },
        encoding: { y: { ...axis("at"), scale: upward } },
      },
      {
        data: { values: names },
        mark: {
          type: "text" as const,
          align: "right" as const,
          dx: -8,
          fontSize: 12,
          color: "var(--ink)",
          limit: left - 10,
        },
        encoding: { y: { ...axis("middle"), scale: upward }, x: { value: 0 }, text: { field: "name" } },
      },
    ],
  });
}
