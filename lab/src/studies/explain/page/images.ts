import { html } from "@remix-run/html-template";
import type { ImageShape } from "../../../data/dataset.js";
import type { Room } from "../../../report/figure.js";
import { bySize, type ExplainResult } from "../analyze.js";
import { percent } from "../finding.js";

/** Pictures shown, and the side of one. */
const SHOWN = 12;
const SIDE = 84;
const SPACE = 120;

/** The sharpest samples as the pictures that they are. @param features of all samples, before they were scaled */
export function imagesFigure(
  { samples, classes, value }: ExplainResult,
  rows: readonly (readonly number[])[],
  [, height, width]: ImageShape,
  room: Room,
): string {
  const chosen = bySize(samples).slice(0, SHOWN);
  const columns = room.narrow ? 3 : 6;
  const pictures = chosen.map((i, at) => {
    const pixels = rows[i].slice(0, height * width);
    const [least, most] = [Math.min(...pixels), Math.max(...pixels)];
    const side = SIDE / Math.max(height, width);
    const cells = pixels.map((pixel, k) => {
      const dark = most > least ? (pixel - least) / (most - least) : 0;
      if (dark < 0.02) return "";
      return `<rect x="${(k % width) * side}" y="${Math.floor(k / width) * side}" width="${side + 0.2}" height="${side + 0.2}" opacity="${dark.toFixed(2)}"/>`;
    });
    const { row, label, share } = samples[i];
    const [x, y] = [(at % columns) * SPACE + 10, Math.floor(at / columns) * (SIDE + 52) + 8];
    return html`<g transform="translate(${x} ${y})"><g fill="var(--ink)">${html.raw`${cells.join("")}`}</g><rect width="${SIDE}" height="${SIDE}" fill="none" stroke="var(--rule)"/><text y="${SIDE + 15}" font-size="12" fill="var(--ink)">${classes[label].name}: ${percent(share / value)}</text><text y="${SIDE + 30}" font-size="11" fill="var(--soft)">row ${row}</text></g>`;
  });
  const [w, h] = [columns * SPACE, Math.ceil(chosen.length / columns) * (SIDE + 52) + 8];
  return String(
    html`<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="system-ui, sans-serif">${pictures}</svg>`,
  );
}
