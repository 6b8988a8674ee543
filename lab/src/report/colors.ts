import { type MethodName, methods } from "../experiment/methods.js";
import type { Group } from "../sweep/groups.js";

/** Hue in degrees, saturation and lightness in per cent. */
type Hsl = readonly [hue: number, saturation: number, lightness: number];

/**
 * The colour of every method at its default strength, the same in every report. The common ones stay apart for
 * colour-blind readers (Okabe & Ito 2008), and all can be seen on white and on black.
 */
const methodHues: Readonly<Partial<Record<MethodName, Hsl>>> = {
  "gradient-descent": [0, 0, 52],
  "heavy-ball": [28, 18, 46],
  nesterov: [205, 22, 50],
  adam: [26, 100, 42],
  adamw: [348, 62, 50],
  rmsprop: [328, 45, 58],
  "weight-decay": [41, 100, 42],
  sam: [164, 100, 32],
  asam: [140, 45, 42],
  usam: [176, 55, 38],
  "usam-nesterov": [96, 45, 38],
  "two-step-usam": [72, 60, 36],
  "hessian-usam": [120, 35, 46],
  "penalty-sam": [53, 75, 38],
  "label-smoothing": [327, 48, 58],
  noise: [300, 38, 54],
  "gradient-norm": [282, 45, 58],
  trace: [12, 60, 52],
  frobenius: [18, 90, 44],
  "largest-eigenvalue": [0, 62, 50],
  hsr: [218, 68, 47],
  "hsr-direction": [262, 55, 58],
  "hsr-alternating": [194, 70, 42],
};
/** Of methods that have none of their own, and of classes beyond the list, by the golden angle. */
const GOLDEN_ANGLE = 137.508;
/** A tenfold strength turns the hue so far, and is so much deeper. */
const PER_DECADE: Hsl = [14, 0, -9];
/** Decades beyond which a colour changes no further. */
const MOST_DECADES = 1.5;
/** Between groups of one method and one strength. */
const STEP = 12;

/** One colour a group: its method's, lighter below its default strength and deeper above. */
export function methodColors(groups: readonly Pick<Group, "id" | "method">[]): Map<string, string> {
  const colors = new Map<string, string>();
  const alike = new Map<string, number>();
  for (const { id, method } of groups) {
    const [hue, saturation, lightness] = methodHues[method.name] ?? hueOfName(method.name);
    const decades = decadesOf(method);
    const key = `${method.name} ${decades}`;
    const rank = alike.get(key) ?? 0;
    alike.set(key, rank + 1);
    colors.set(
      id,
      hex([
        hue + PER_DECADE[0] * decades,
        saturation,
        // To either side in turn.
        lightness + PER_DECADE[2] * decades + STEP * Math.ceil(rank / 2) * (rank % 2 === 1 ? 1 : -1),
      ]),
    );
  }
  return colors;
}

/** How many times ten a method's strength, radius or decay is what it has by default. */
function decadesOf(method: Group["method"]): number {
  const { shown, defaults } = methods[method.name] as {
    shown?: string;
    defaults: Readonly<Record<string, unknown>>;
  };
  const [value, usual] = shown === undefined ? [1, 1] : [Number(method[shown]), Number(defaults[shown])];
  const decades = Math.log10(value / usual);
  return Number.isFinite(decades) ? Math.max(-MOST_DECADES, Math.min(MOST_DECADES, decades)) : 0;
}

function hueOfName(name: string): Hsl {
  const sum = Array.from(name).reduce((hash, letter) => (31 * hash + letter.charCodeAt(0)) % 9973, 7);
  return [sum * GOLDEN_ANGLE, 50, 48];
}

/** As every viewer of pictures reads it. */
function hex([hue, saturation, lightness]: Hsl): string {
  const [s, l] = [saturation / 100, Math.max(25, Math.min(72, lightness)) / 100];
  const part = (n: number) => {
    const k = (((n + hue / 30) % 12) + 12) % 12;
    const value = l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

/** Hues of classes: that of HSR first, and no grey (Okabe & Ito 2008; Tol 2021). */
const classHues = [
  ...["#2f6fd0", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#b59f00", "#44aa99", "#882255", "#999933"],
  ...["#aa4499", "#117733", "#dd6677"],
];

/** One colour a class. */
export function classColors(count: number): string[] {
  return Array.from({ length: count }, (_, k) => classHues[k] ?? hex([k * GOLDEN_ANGLE, 45, 50]));
}
