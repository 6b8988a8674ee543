import type { Room } from "../../../report/figure.js";
import { formatPercent } from "../../../report/format.js";
import { describedMark, legendPlace, toSvg } from "../../../report/vega.js";
import type { ExplainResult } from "../analyze.js";
import type { Point, Steps } from "../step.js";
import { nameAxis } from "./name-axis.js";

const kinds = { hsr: "one step of HSR", descent: "as long a step down the loss" } as const;

/** By how much a step changes shares of B, of B before it. */
export function stepFigure({ classes }: ExplainResult, step: Steps, room: Room): Promise<string> {
  const { before } = step;
  const parts: readonly (readonly [name: string, share: (point: Point) => number])[] = [
    ["sharpest samples", ({ sharpest }) => sharpest],
    ...classes.map(({ name }, k) => [name, (point: Point) => point.classes[k]] as const),
    ...before.layers.map((_, l) => [`layer ${l + 1}`, (point: Point) => point.layers[l]] as const),
  ];
  const values = parts.flatMap(([name, share]) =>
    (Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => {
      const change = (share(step[kind]) - share(before)) / before.value;
      return { name, kind: kinds[kind], change, said: `${name}, ${kinds[kind]}: ${formatPercent(change)}` };
    }),
  );
  const { taken, axis } = nameAxis(
    parts.map(([name]) => name),
    room,
  );
  return toSvg({
    width: room.width - taken - (room.narrow ? 40 : 240),
    height: { step: 11 },
    data: { values },
    mark: { type: "bar" as const, ...describedMark },
    encoding: {
      y: {
        field: "name",
        type: "nominal" as const,
        sort: null,
        title: null,
        axis,
      },
      yOffset: { field: "kind", type: "nominal" as const, sort: Object.values(kinds) },
      x: {
        field: "change",
        type: "quantitative" as const,
        title: "change, of B before",
        axis: { format: "~%", tickCount: 5 },
      },
      color: {
        field: "kind",
        type: "nominal" as const,
        scale: { domain: Object.values(kinds), range: ["var(--accent)", "var(--rule)"] },
        legend: {
          title: null,
          ...legendPlace(room),
          ...(room.narrow ? { columns: 1, labelLimit: 300 } : {}),
        },
      },
      description: { field: "said", type: "nominal" as const },
    },
  });
}
