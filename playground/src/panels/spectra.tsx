import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { inPlane } from "../state/plane.js";
import { pointAt } from "../state/session.js";
import {
  both,
  landscape,
  pointed,
  problem,
  settings,
  shownPair,
  snapshots,
  titles,
  type Which,
} from "../state/state.js";
import { number } from "../text/numbers.js";
import { type Context, Plot, type Point, type Size } from "./plot.js";
import { type Scale, signedLogarithmic } from "./scales.js";

const MARGIN = { left: 12, right: 22, top: 6, bottom: 24 };

/** Every eigenvalue of both Hessians, and the bound on the largest. */
export function Spectra(): JSX.Element {
  const focus = useSignal<Which>(1);
  const pair = shownPair.value;
  const target = pointed.value;
  const most = (problem.value?.parameters ?? 1) - 1;
  const scaleFor = (width: number): ((value: number) => number) => {
    const scale = spectrumScale();
    return (value) => MARGIN.left + scale.place(value) * (width - MARGIN.left - MARGIN.right);
  };
  const nearest = ({ x, y }: Point, { width, height }: Size) => {
    if (pair === undefined) return undefined;
    const which: Which = y < (height - MARGIN.bottom) / 2 ? 0 : 1;
    const at = scaleFor(width);
    let index = 0;
    pair[which].values.forEach((value, i) => {
      if (Math.abs(at(value) - x) < Math.abs(at(pair[which].values[index]) - x)) index = i;
    });
    return { which, index };
  };
  return (
    <Plot
      name="spectra"
      label={`Eigenvalues of both Hessians. Arrow keys walk through them, and show their direction in the plane of both paths.`}
      draw={(context, size, { ink, soft, grid, plain, methods }) => {
        const shownNow = shownPair.value;
        if (shownNow === undefined) return;
        const scale = spectrumScale();
        const at = scaleFor(size.width);
        drawAxis(context, scale, at, size, { soft, grid });
        const colors = [plain, methods[settings.value.method]];
        const height = (size.height - MARGIN.top - MARGIN.bottom) / 2;
        for (const which of both) {
          const { values, bound } = shownNow[which];
          const top = MARGIN.top + which * height;
          context.fillStyle = colors[which];
          context.font = "600 12px system-ui, sans-serif";
          context.textBaseline = "top";
          context.textAlign = "left";
          context.fillText(titles.value[which], MARGIN.left, top);
          const [from, to] = [top + 17, top + height - 6];
          values.forEach((value, i) => {
            const isLast = i === values.length - 1;
            const isPointed = pointed.value?.which === which && pointed.value.index === i;
            context.globalAlpha = isLast || isPointed ? 1 : 0.55;
            context.fillStyle = isPointed ? ink : colors[which];
            const width = isPointed ? 3.5 : isLast ? 3.5 : 1.25;
            context.fillRect(
              at(value) - width / 2,
              from - (isPointed ? 3 : 0),
              width,
              to - from + (isPointed ? 6 : 0),
            );
          });
          context.globalAlpha = 1;
          diamond(context, at(bound), (from + to) / 2, colors[which]);
        }
      }}
      onHover={(point, size) => pointAt(point && nearest(point, size))}
      slider={{
        value: target?.index ?? most,
        max: Math.max(most, 1),
        text: pointedText() ?? "no eigenvalue is pointed at",
        move: (by, across) => {
          if (across) focus.value = focus.value === 0 ? 1 : 0;
          const from = pointed.value?.index ?? most + (across ? 0 : 1);
          pointAt({ which: focus.value, index: Math.max(0, Math.min(most, from + (across ? 0 : by))) });
        },
      }}
    />
  );
}

/** What is pointed at, in words. */
export function pointedText(): string | undefined {
  const target = pointed.value;
  const values = target && shownPair.value?.[target.which].values;
  if (target === undefined || values === undefined) return undefined;
  const plane = landscape.value?.plane;
  const share = target.vector && plane ? Math.hypot(...inPlane(plane, target.vector)) : undefined;
  const name = `${titles.value[target.which]}, eigenvalue ${target.index + 1} of ${values.length}: ${number(values[target.index])}`;
  return share === undefined
    ? name
    : `${name}; ${Math.round(100 * share)} % of its direction lies in the plane above`;
}

/** Holds all eigenvalues and bounds so far, so that it does not shake. */
function spectrumScale(): Scale {
  let low = -1e-3;
  let high = 0.1;
  for (const path of snapshots.value)
    for (const { values, bound } of path) {
      low = Math.min(low, values[0]);
      high = Math.max(high, bound);
    }
  return signedLogarithmic(1.15 * low, 1.15 * high);
}

function drawAxis(
  context: Context,
  { ticks }: Scale,
  at: (value: number) => number,
  { width, height }: Size,
  { soft, grid }: { readonly soft: string; readonly grid: string },
): void {
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  let free = Number.NEGATIVE_INFINITY;
  for (const tick of ticks) {
    const x = at(tick);
    context.fillStyle = grid;
    context.fillRect(
      x - (tick === 0 ? 1 : 0.5),
      MARGIN.top,
      tick === 0 ? 2 : 1,
      height - MARGIN.top - MARGIN.bottom,
    );
    const text = number(tick, 1);
    const half = context.measureText(text).width / 2;
    if (x - half < free || x + half > width) continue;
    context.fillStyle = soft;
    context.fillText(text, x, height - 6);
    free = x + half + 8;
  }
}

function diamond(context: Context, x: number, y: number, color: string): void {
  context.beginPath();
  for (const [a, b] of [
    [0, -6],
    [6, 0],
    [0, 6],
    [-6, 0],
  ] as const)
    context.lineTo(x + a, y + b);
  context.closePath();
  context.fillStyle = color;
  context.fill();
}
