import { html } from "@remix-run/html-template";
import { exactHessian } from "flatward";
import type { Room } from "../../../report/figure.js";
import { labelWidth, spread } from "../../../report/plot-area.js";
import { png, type Rgba } from "../../../report/png.js";
import { FONT } from "../../../report/vega.js";
import type { TrainedCell } from "../../../sweep/trained.js";

/** Parameters beyond which no entry would be seen. */
const MOST = 300;

/** A Hessian and what its rows belong to. */
export interface HessianMap {
  readonly size: number;
  /** Row by row. */
  readonly entries: Float64Array;
  readonly blocks: readonly { readonly name: string; readonly offset: number }[];
}

/** The Hessian of a small network; nothing of a large one. */
export function hessianMap({ net, theta, sample }: TrainedCell): HessianMap | undefined {
  if (net.size > MOST) return undefined;
  const { data } = exactHessian(net, theta, sample);
  return { size: net.size, entries: data, blocks: net.layout.map(({ name, offset }) => ({ name, offset })) };
}

const POSITIVE = [47, 111, 208] as const;
const NEGATIVE = [213, 94, 0] as const;
/** Shades of either. */
const SHADES = 127;
/** From the deepest orange through nothing to the deepest blue: whatever lies below shows through. */
const palette: readonly Rgba[] = Array.from({ length: 2 * SHADES + 1 }, (_, i) => {
  const share = (i - SHADES) / SHADES;
  return [...(share < 0 ? NEGATIVE : POSITIVE), Math.round(255 * Math.abs(share))];
});

/** Of the map, pixels. */
const SIDE = 520;
const TOP = 18;

/** H as a map of its entries, with lines between blocks and their names beside them. */
export function hessianFigure({ size, entries, blocks }: HessianMap, room: Room): string {
  const most = entries.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0) || 1;
  const pixels = Uint8Array.from(entries, (entry) =>
    Math.round(SHADES * (1 + Math.sign(entry) * Math.sqrt(Math.abs(entry) / most))),
  );
  const left = 10 + labelWidth(blocks.map(({ name }) => name));
  const side = Math.min(SIDE, room.width - left - 10);
  const at = (offset: number) => (side * offset) / size;
  const ends = [...blocks.slice(1).map(({ offset }) => offset), size];
  const places = spread(
    blocks.map(({ offset }, i) => at((offset + ends[i]) / 2)),
    side,
  );
  const names = blocks.map(
    ({ name }, i) => html`<text x="${left - 8}" y="${TOP + places[i] + 4}" text-anchor="end">${name}</text>`,
  );
  const rules = blocks
    .slice(1)
    .flatMap(({ offset }) => [
      html`<line x1="${left + at(offset)}" y1="${TOP}" x2="${left + at(offset)}" y2="${TOP + side}"/>`,
      html`<line x1="${left}" y1="${TOP + at(offset)}" x2="${left + side}" y2="${TOP + at(offset)}"/>`,
    ]);
  const image = `data:image/png;base64,${png(size, pixels, palette).toString("base64")}`;
  const [width, height] = [left + side + 10, TOP + side + 10];
  return String(
    html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="12"><image x="${left}" y="${TOP}" width="${side}" height="${side}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${image}"/><g stroke="var(--rule)" stroke-width="0.8">${rules}</g><rect x="${left}" y="${TOP}" width="${side}" height="${side}" fill="none" stroke="var(--rule)"/><g fill="var(--ink)">${names}</g></svg>`,
  );
}
