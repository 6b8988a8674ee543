import { ramp } from "../../../lab/src/studies/slice/page/ramp.js";

export type Rgb = readonly [number, number, number];

/** @param hex #rrggbb or #rgb */
export function rgb(hex: string): Rgb {
  const digits = hex.length === 4 ? hex.replace(/[^#]/g, "$&$&") : hex;
  const value = Number.parseInt(digits.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Classes, apart for colour-blind readers (after Okabe & Ito 2008). */
const classes: readonly Rgb[] = [
  "#e69f00",
  "#1f9e9a",
  "#c2669a",
  "#6b8fd6",
  "#d55e00",
  "#8a9a2b",
  "#7b5ea7",
  "#4f9d5b",
  "#b08968",
  "#7a8793",
].map(rgb);

export function classColor(k: number): Rgb {
  return classes[k % classes.length];
}

export function mixed(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => Math.round(a[i] + share * (b[i] - a[i]))) as unknown as Rgb;
}

export function css(color: Rgb, alpha = 1): string {
  return `rgb(${color.join(" ")} / ${alpha})`;
}

const stops = ramp.map(rgb);
/** Less glaring beside a dark page. */
const darkStops = stops.map((stop) => mixed(stop, [36, 16, 8], 0.3));

/** Of a share from 0, low, to 1, high. */
export function rampColor(share: number, dark: boolean): string {
  const colors = dark ? darkStops : stops;
  const at = Math.max(0, Math.min(1, share)) * (colors.length - 1);
  const low = Math.min(colors.length - 2, Math.floor(at));
  return css(mixed(colors[low], colors[low + 1], at - low));
}
