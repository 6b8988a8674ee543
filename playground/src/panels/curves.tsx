import { signal } from "@preact/signals";
import type { JSX } from "preact";
import type { Snapshot } from "../engine/api.js";
import { scrubTo } from "../state/session.js";
import { both, last, settings, shown, snapshots, titles } from "../state/state.js";
import { number } from "../text/numbers.js";
import { type Context, Plot, type Size } from "./plot.js";
import { linear, logarithmic } from "./scales.js";

const MARGIN = { left: 44, right: 60, top: 8, bottom: 24 };

/** One quantity of a snapshot, drawn over the steps. */
export interface Quantity {
  readonly name: string;
  of(snapshot: Snapshot): number;
  /** Another that is drawn dashed. */
  dashed?(snapshot: Snapshot): number;
}

export const lambdaMax: Quantity = {
  name: "λ_max",
  of: ({ values }) => values[values.length - 1],
  dashed: ({ bound }) => bound,
};
export const trainingLoss: Quantity = { name: "training loss", of: ({ loss }) => loss };

/** Where the pointer is, as a share of the time so far: the same in all curves. */
const hovered = signal<number | undefined>(undefined);

/** A quantity of both methods over the steps. */
export function Curves({ quantity }: { readonly quantity: Quantity }): JSX.Element {
  const values = both.map((which) => {
    const snapshot = snapshots.value[which][shown.value];
    return snapshot === undefined ? "" : `${titles.value[which]} ${number(quantity.of(snapshot))}`;
  });
  const step = snapshots.value[0][shown.value]?.step ?? 0;
  const timeAt = ({ x }: { readonly x: number }, { width }: Size) => {
    const end = snapshots.value[0][last.value]?.step ?? 0;
    const share = (x - MARGIN.left) / (width - MARGIN.left - MARGIN.right);
    return end === 0 ? 0 : Math.max(0, Math.min(1, (share * settings.value.steps) / end));
  };
  return (
    <Plot
      name="curves"
      label={`${quantity.name} over the steps. Arrow keys move through time.`}
      timeAt={timeAt}
      onHover={(point, size) => {
        hovered.value = point && timeAt(point, size);
      }}
      slider={{
        value: shown.value < 0 ? 0 : shown.value,
        max: Math.max(1, last.value),
        text: `step ${step}: ${values.join(", ")}`,
        move: (by) => scrubTo(shown.value + by),
      }}
      draw={(context, size, { ink, soft, grid, plain, methods, paper }) => {
        const paths = snapshots.value;
        if (paths[0].length === 0) return;
        const all = paths.flatMap((path) =>
          path.flatMap((each) => [quantity.of(each), quantity.dashed?.(each) ?? quantity.of(each)]),
        );
        const positive = all.filter((value) => value > 0);
        const high = Math.max(...positive, 1e-8);
        // What is nearly 0 would press all else together.
        const low = Math.max(Math.min(...positive), 1e-5 * high);
        const x = linear(settings.value.steps);
        const y = logarithmic(low, high);
        const across = (step: number) =>
          MARGIN.left + x.place(step) * (size.width - MARGIN.left - MARGIN.right);
        const down = (value: number) =>
          size.height - MARGIN.bottom - y.place(value) * (size.height - MARGIN.top - MARGIN.bottom);

        context.font = "12px system-ui, sans-serif";
        context.textBaseline = "middle";
        context.textAlign = "right";
        for (const tick of y.ticks) {
          context.fillStyle = grid;
          context.fillRect(MARGIN.left, down(tick) - 0.5, size.width - MARGIN.left - MARGIN.right, 1);
          context.fillStyle = soft;
          context.fillText(number(tick, 1), MARGIN.left - 8, down(tick));
        }
        context.textAlign = "center";
        context.textBaseline = "alphabetic";
        for (const tick of x.ticks) {
          context.fillStyle = soft;
          context.fillText(`${tick}`, across(tick), size.height - 6);
        }

        const colors = [plain, methods[settings.value.method]];
        const line = (
          path: readonly Snapshot[],
          of: (snapshot: Snapshot) => number,
          color: string,
          dashes: number[],
        ) => {
          context.beginPath();
          path.forEach((each, i) => {
            const point = [across(each.step), down(Math.max(of(each), low))] as const;
            if (i === 0) context.moveTo(...point);
            else context.lineTo(...point);
          });
          context.setLineDash(dashes);
          context.strokeStyle = color;
          context.lineWidth = dashes.length > 0 ? 1.25 : 2.25;
          context.lineJoin = "round";
          context.stroke();
          context.setLineDash([]);
        };
        for (const which of both) {
          if (quantity.dashed) line(paths[which], quantity.dashed, colors[which], [4, 4]);
          line(paths[which], quantity.of, colors[which], []);
        }

        const at = hovered.value === undefined ? shown.value : Math.round(hovered.value * last.value);
        const snapshotsThere = both.map((which) => paths[which][at]);
        if (snapshotsThere[0] === undefined) return;
        const here = across(snapshotsThere[0].step);
        if (at < last.value || hovered.value !== undefined) {
          context.fillStyle = soft;
          context.fillRect(here - 0.5, MARGIN.top, 1, size.height - MARGIN.top - MARGIN.bottom);
        }
        label(
          context,
          { here, paper, ink },
          both.map((which) => ({
            y: down(Math.max(quantity.of(snapshotsThere[which]), low)),
            text: number(quantity.of(snapshotsThere[which])),
            color: colors[which],
          })),
        );
      }}
    />
  );
}

/** The values there, each beside its line, apart from each other. */
function label(
  context: Context,
  { here, paper }: { readonly here: number; readonly paper: string; readonly ink: string },
  values: readonly { readonly y: number; readonly text: string; readonly color: string }[],
): void {
  context.font = "600 12px system-ui, sans-serif";
  context.textAlign = "left";
  context.textBaseline = "middle";
  const sorted = [...values].sort((a, b) => a.y - b.y);
  const gap = Math.max(0, 15 - (sorted[1].y - sorted[0].y)) / 2;
  sorted.forEach(({ y, text, color }, i) => {
    context.beginPath();
    context.arc(here, y, 3.5, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.fill();
    const at = y + (i === 0 ? -gap : gap);
    context.lineWidth = 4;
    context.strokeStyle = paper;
    context.lineJoin = "round";
    context.strokeText(text, here + 8, at);
    context.fillText(text, here + 8, at);
  });
}
