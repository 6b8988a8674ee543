import type { RunResult } from "../experiment/run.js";
import { spokenText, withSubscripts } from "./math-text.js";
import { colorScheme } from "./style.js";

/** The room of a picture, in pixels: that of a page, or that of a phone. */
export interface Room {
  readonly width: number;
  readonly narrow: boolean;
}

export const WIDE: Room = { width: 1000, narrow: false };
const NARROW: Room = { width: 350, narrow: true };

/** Draws a picture for the room that it has. */
export type Draw = (room: Room) => Promise<string> | string;

/** A picture for the page, for phones, and for a file of its own. */
export interface Figure {
  readonly name: string;
  /** In a few words. */
  readonly title: string;
  readonly caption: string;
  /** Refers to the page's colours. */
  readonly svg: string;
  /** The same for a narrow screen; absent where one drawing suits both. */
  readonly narrow?: string;
}

/** A picture in both sizes. */
export async function figureOf(
  { name, title, caption }: Pick<Figure, "name" | "title" | "caption">,
  draw: Draw,
): Promise<Figure> {
  const [svg, narrow] = [await draw(WIDE), await draw(NARROW)];
  return {
    name,
    title,
    caption,
    svg: asImage(withTitles(svg), title, name),
    // Nothing points at a phone.
    ...(narrow === svg ? {} : { narrow: asImage(narrow, title, `${name}-narrow`) }),
  };
}

/** A drawing as one image with one label: what stands in it has no roles of its own. @param prefix of its identities */
export function asImage(svg: string, label: string, prefix: string): string {
  const bare = svg
    .replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, "")
    .replace(/ id="([^"]*)"/g, ` id="${prefix}-$1"`)
    .replace(/url\(#/g, `url(#${prefix}-`);
  return withSubscripts(bare).replace(/<svg/, `<svg role="img" aria-label="${attribute(spokenText(label))}"`);
}

/** Descriptions of marks as titles, which a pointer shows. */
function withTitles(svg: string): string {
  return svg.replace(
    /<(path|rect|line|circle)([^>]*?) aria-label="([^"]*)"([^>]*?)\/>/g,
    (_, tag, before, said, after) => `<${tag}${before}${after}><title>${spokenText(said)}</title></${tag}>`,
  );
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** A group of runs with all that is drawn of them. */
export interface DrawnGroup {
  readonly id: string;
  readonly label: string;
  /** As in the tables. */
  readonly color: string;
  readonly runs: readonly Pick<RunResult, "measures" | "eigenvalues" | "curve" | "sharpness">[];
}

/** Between the frame of a file and its picture, pixels. */
const MARGIN = 12;

/** A figure that stands alone: with the page's colours, light or dark, and its ground, whatever it lies on. */
export function standaloneSvg({ svg }: Pick<Figure, "svg">): string {
  return svg.replace(
    /<svg([^>]*?) width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)"([^>]*)>/,
    (_, before, width, height, box, after) => {
      const [x, y, w, h] = box.split(" ").map(Number);
      const size = (value: string) => Number(value) + 2 * MARGIN;
      const frame = [x - MARGIN, y - MARGIN, w + 2 * MARGIN, h + 2 * MARGIN];
      const [left, top, across, down] = frame;
      return `<svg${before} width="${size(width)}" height="${size(height)}" viewBox="${frame.join(" ")}"${after}><style>${colorScheme}</style><rect x="${left}" y="${top}" width="${across}" height="${down}" fill="var(--paper)"/>`;
    },
  );
}
