import { classColors } from "../../../report/colors.js";
import type { Room } from "../../../report/figure.js";
import { formatPercent } from "../../../report/format.js";
import { describedMark, toSvg } from "../../../report/vega.js";
import { bySize, type ExplainResult } from "../analyze.js";
import { nameAxis } from "./name-axis.js";

/** Bars of one kind, at most. */
const BARS = 15;

interface Bar {
  readonly name: string;
  readonly share: number;
  readonly color: string;
}

/** Shares as bars: the largest samples, classes, layers and units. */
export function sharesFigure(result: ExplainResult, room: Room): Promise<string> {
  const { samples, classes, layers, units, value } = result;
  const colors = classColors(classes.length);
  const accent = "var(--accent)";
  const bar = (name: string, share: number, color = accent): Bar => ({ name, share: share / value, color });
  const largestUnits = units
    .flatMap((shares, l) => shares.map((share, p) => bar(`layer ${l + 1}, unit ${p + 1}`, share)))
    .sort((a, b) => b.share - a.share)
    .slice(0, BARS);
  const groups: readonly (readonly [string, readonly Bar[]])[] = [
    [
      "samples",
      bySize(samples)
        .slice(0, BARS)
        .map((i) => {
          const { row, label, share } = samples[i];
          return bar(`row ${row}, ${classes[label].name}`, share, colors[label]);
        }),
    ],
    ["classes", classes.map(({ name, share }, k) => bar(name, share, colors[k]))],
    ["layers", layers.map((share, l) => bar(`layer ${l + 1}`, share))],
    ["units", largestUnits],
  ];
  const { taken, axis } = nameAxis(
    groups.flatMap(([, bars]) => bars.map(({ name }) => name)),
    room,
  );
  return toSvg({
    spacing: 18,
    vconcat: groups.map(([title, bars]) => ({
      width: room.width - taken - 40,
      height: { step: 17 },
      data: { values: bars.map((each) => ({ ...each, said: `${each.name}: ${formatPercent(each.share)}` })) },
      title: { text: title, anchor: "start" as const, fontSize: 13, offset: 4, frame: "bounds" as const },
      mark: { type: "bar" as const, height: { band: 0.72 }, ...describedMark },
      encoding: {
        y: {
          field: "name",
          type: "nominal" as const,
          sort: null,
          title: null,
          axis,
        },
        x: {
          field: "share",
          type: "quantitative" as const,
          title: null,
          axis: { format: "~%", tickCount: 5 },
        },
        color: { field: "color", type: "nominal" as const, scale: null },
        description: { field: "said", type: "nominal" as const },
      },
    })),
    resolve: { scale: { x: "independent" } },
  });
}
