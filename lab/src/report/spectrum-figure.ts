import type { DrawnGroup } from "./figure.js";
import { toSvg, WIDTH } from "./vega.js";

const SPECTRUM_ROW = 46;

/** A row of ticks, with diamonds for the bounds on the largest. */
export interface SpectrumRow {
  readonly label: string;
  readonly color: string;
  readonly eigenvalues: readonly number[];
  readonly bounds: readonly number[];
}

/** Every eigenvalue of every seed as a tick, with the WS upper bound of each seed as a diamond. */
export function spectrumFigure(groups: readonly DrawnGroup[]): Promise<string> {
  return spectrumRowsFigure(
    groups.map(({ color, label, runs }) => ({
      label,
      color,
      eigenvalues: runs.flatMap((run) => run.eigenvalues ?? []),
      bounds: runs.map((run) => run.measures.wsBound).filter(Number.isFinite),
    })),
  );
}

/** Spectra one below the other, on a symmetric log scale. */
export function spectrumRowsFigure(rows: readonly SpectrumRow[]): Promise<string> {
  const everyTick = rows.flatMap(({ label, eigenvalues }) =>
    eigenvalues.map((value) => ({ row: label, value })),
  );
  const bounds = rows.flatMap(({ label, bounds }) => bounds.map((value) => ({ row: label, value })));
  const size = [...everyTick, ...bounds].reduce(
    (largest, { value }) => Math.max(largest, Math.abs(value)),
    0,
  );
  const least = everyTick.reduce((smallest, { value }) => Math.min(smallest, value), 0);
  const { linear, marks } = symmetricLogAxis(size);
  const ticks = withoutHidden(everyTick, linear);
  const order = rows.map(({ label }) => label);
  const y = {
    field: "row",
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
  const color = {
    field: "row",
    type: "nominal" as const,
    scale: { domain: order, range: rows.map((row) => row.color) },
    legend: null,
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
        encoding: { x, y, color },
      },
      {
        data: { values: bounds },
        mark: { type: "point", shape: "diamond", size: 46, filled: false, strokeWidth: 1.4, yOffset: 0 },
        encoding: { x, y, color },
      },
    ],
  });
}

/** Ticks on one spot of the picture beyond which more would not be seen. */
const VISIBLE_TICKS = 4;

/** Leaves out ticks that lie under several others of their row: a large spectrum has far more of them than pixels. */
function withoutHidden<Tick extends { readonly row: string; readonly value: number }>(
  ticks: readonly Tick[],
  linear: number,
): Tick[] {
  const onSpot = new Map<string, number>();
  return ticks.filter(({ row, value }) => {
    const place = Math.sign(value) * Math.log1p(Math.abs(value) / linear);
    const spot = `${row} ${Math.round(100 * place)}`;
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
