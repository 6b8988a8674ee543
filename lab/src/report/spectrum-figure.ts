import type { DrawnGroup, Room } from "./figure.js";
import { formatNumber } from "./format.js";
import { labelWidth, plotArea } from "./plot-area.js";
import { describedMark, toSvg } from "./vega.js";

/** A row of eigenvalues, with diamonds for the bounds on the largest. */
export interface SpectrumRow {
  readonly label: string;
  readonly color: string;
  readonly eigenvalues: readonly number[];
  readonly bounds: readonly number[];
}

/** Every eigenvalue of every seed, with the WS upper bound of each seed as a diamond. */
export function spectrumFigure(groups: readonly DrawnGroup[], room: Room): Promise<string> {
  return spectrumRowsFigure(
    groups.map(({ color, label, runs }) => ({
      label,
      color,
      eigenvalues: runs.flatMap((run) => run.eigenvalues ?? []),
      bounds: runs.map((run) => run.measures.wsBound).filter(Number.isFinite),
    })),
    room,
  );
}

/** Height of a row, and of what is drawn in it. */
const ROW = 46;
const HILL = 30;
/** Of a phone, with the name above the row. */
const NARROW_ROW = 62;
/** Spots of a row beside each other. */
const SPOTS = 160;
/** Eigenvalues of a row beyond which ticks would lie upon each other, and their density is drawn. */
const MOST_TICKS = { wide: 500, narrow: 150 };
/** Spots with so few of them are outliers, drawn one by one. */
const OUTLIER = 2;

/** Spectra one below the other, on a symmetric log scale: ticks, or where those are too many a density with ticks for outliers. */
export function spectrumRowsFigure(rows: readonly SpectrumRow[], room: Room): Promise<string> {
  const every = rows.flatMap(({ eigenvalues, bounds }) => [...eigenvalues, ...bounds]);
  const size = every.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const least = every.reduce((smallest, value) => Math.min(smallest, value), 0);
  const { linear, marks } = symmetricLogAxis(size, room.narrow);
  const domain = [Math.min(least, -linear) * 1.5, size * 1.5];
  const place = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value) / linear);
  const value = (at: number) => Math.sign(at) * linear * Math.expm1(Math.abs(at));
  const width = (place(domain[1]) - place(domain[0])) / SPOTS || 1;
  const spotOf = (at: number) => Math.floor((place(at) - place(domain[0])) / width);
  const row = room.narrow ? NARROW_ROW : ROW;
  const middle = (i: number) => row * i + row - HILL / 2 - 8;

  const drawn = rows.map((each, i) => {
    const counts = new Map<number, number>();
    for (const one of each.eigenvalues) counts.set(spotOf(one), (counts.get(spotOf(one)) ?? 0) + 1);
    const dense = each.eigenvalues.length > MOST_TICKS[room.narrow ? "narrow" : "wide"];
    const most = Math.max(...counts.values(), 1);
    const isAlone = (one: number) => (counts.get(spotOf(one)) ?? 0) <= OUTLIER;
    const shown = dense ? each.eigenvalues.filter(isAlone) : withoutHidden(each.eigenvalues, place);
    return {
      ticks: shown.map((one) => ({
        row: i,
        value: one,
        y: middle(i),
        // Among many, none can be pointed at.
        said: isAlone(one) ? `${each.label}: ${formatNumber(one, 4)}` : undefined,
      })),
      hills: dense
        ? hillOf(counts, most).map(({ spot, share, count }) => ({
            row: i,
            value: value(place(domain[0]) + (spot + 0.5) * width),
            low: middle(i) + (share * HILL) / 2,
            high: middle(i) - (share * HILL) / 2,
            count,
          }))
        : [],
      bounds: each.bounds.map((one) => ({
        row: i,
        value: one,
        y: middle(i),
        said: `${each.label}: bound ${formatNumber(one, 4)}`,
      })),
    };
  });

  const names = rows.map(({ label }, i) => ({ label, row: i, y: room.narrow ? row * i + 12 : middle(i) }));
  const x = {
    field: "value",
    type: "quantitative" as const,
    title: room.narrow
      ? "eigenvalue of H (symmetric log scale)"
      : `eigenvalue of the Hessian (symmetric log scale, linear within ±${formatNumber(linear, 1)})`,
    scale: { type: "symlog" as const, constant: linear, nice: false, domain },
    axis: { values: marks, format: "~g", labelOverlap: true as const, labelFlush: false },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative" as const,
    scale: { domain: [0, row * rows.length], reverse: true, nice: false },
    axis: null,
  });
  const color = {
    field: "row",
    type: "nominal" as const,
    scale: { domain: [...rows.keys()], range: rows.map((each) => each.color) },
    legend: null,
  };
  const ticks = drawn.flatMap((each) => each.ticks);
  const tick = { type: "tick" as const, orient: "vertical" as const, thickness: 1.3, size: 26, opacity: 0.5 };
  const said = { description: { field: "said", type: "nominal" as const } };
  const left = room.narrow ? 10 : 16 + labelWidth(rows.map(({ label }) => label));
  return toSvg({
    ...plotArea(room, row * rows.length, { left }),
    layer: [
      {
        data: { values: [{ value: 0 }] },
        mark: { type: "rule", color: "var(--rule)" },
        encoding: { x },
      },
      {
        data: { values: drawn.flatMap(({ hills }) => hills) },
        mark: { type: "area", interpolate: "step", opacity: 0.75 },
        encoding: { x, y: y("low"), y2: { field: "high" }, color },
      },
      {
        data: { values: ticks.filter((tick) => tick.said === undefined) },
        mark: tick,
        encoding: { x, y: y("y"), color },
      },
      {
        data: { values: ticks.filter((tick) => tick.said !== undefined) },
        mark: { ...tick, ...describedMark },
        encoding: { x, y: y("y"), color, ...said },
      },
      {
        data: { values: drawn.flatMap(({ bounds }) => bounds) },
        mark: {
          type: "point",
          shape: "diamond",
          size: 46,
          filled: false,
          strokeWidth: 1.4,
          ...describedMark,
        },
        encoding: { x, y: y("y"), color, ...said },
      },
      {
        data: { values: names },
        mark: {
          type: "text",
          align: room.narrow ? "left" : "right",
          dx: room.narrow ? 0 : -10,
          fontSize: 12,
          color: "var(--ink)",
        },
        encoding: { x: { value: 0 }, y: y("y"), text: { field: "label" } },
      },
    ],
  });
}

/** Ticks on one place beyond which more would not be seen. */
const VISIBLE_TICKS = 3;

/** Leaves out ticks that lie under several others. */
function withoutHidden(ticks: readonly number[], place: (value: number) => number): number[] {
  const onPlace = new Map<number, number>();
  return ticks.filter((value) => {
    const at = Math.round(100 * place(value));
    const count = (onPlace.get(at) ?? 0) + 1;
    onPlace.set(at, count);
    return count <= VISIBLE_TICKS;
  });
}

/** Counts of spots beside each other as shares of the most, on the scale of a root: single ones are seen beside thousands. */
function hillOf(counts: ReadonlyMap<number, number>, most: number) {
  const spots = [...counts.keys()];
  const [from, to] = [Math.min(...spots) - 1, Math.max(...spots) + 1];
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const count = counts.get(from + i) ?? 0;
    return { spot: from + i, count, share: Math.sqrt(count / most) };
  });
}

/** Powers of ten on both sides of 0, and where the scale turns linear: five decades below the largest value. */
function symmetricLogAxis(size: number, narrow: boolean): { linear: number; marks: number[] } {
  const top = size > 0 ? Math.ceil(Math.log10(size)) : 0;
  const exponents = narrow ? [-4, -2, 0] : [-4, -3, -2, -1, 0];
  const positive = exponents.map((k) => Number(`1e${top + k}`));
  return { linear: Number(`1e${top - 5}`), marks: [...positive.map((mark) => -mark), 0, ...positive] };
}
