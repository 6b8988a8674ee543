import type { Group } from "../sweep/groups.js";

type Rgb = readonly [number, number, number];

/** Hues that stay apart for colour-blind readers (Okabe & Ito 2008; Tol 2021), on white and on black. */
const hues: readonly Rgb[] = [
  [138, 138, 138],
  [230, 159, 0],
  [0, 158, 115],
  [213, 94, 0],
  [204, 121, 167],
  [181, 159, 0],
  [68, 170, 153],
  [136, 34, 85],
  [153, 153, 51],
  [170, 68, 153],
  [17, 119, 51],
  [221, 102, 119],
];
/** HSR's own, which no other method has. */
const hsrHue: Rgb = [38, 92, 196];
/** Classes have HSR's hue first, and no grey. */
const classHues: readonly Rgb[] = [[47, 111, 208], ...hues.slice(1)];
const white: Rgb = [255, 255, 255];
/** By how much the lightest of a family is lighter. */
const LIGHTEST = 0.55;
/** Further hues, where the list is at its end, go round the circle by the golden angle. */
const GOLDEN_ANGLE = 137.508;

/** One colour a group: a hue for each family of methods, light to deep within a family of several. */
export function methodColors(groups: readonly Pick<Group, "id" | "family">[]): Map<string, string> {
  const colors = new Map<string, string>();
  const families = [...new Set(groups.map(({ family }) => family))];
  const others: readonly string[] = families.filter((family) => family !== "hsr");
  for (const { id, family } of groups) {
    const members = groups.filter((group) => group.family === family);
    const rank = members.findIndex((member) => member.id === id);
    const depth = members.length > 1 ? rank / (members.length - 1) : 1;
    const position = others.indexOf(family);
    colors.set(
      id,
      family === "hsr" || position < hues.length
        ? mixed(family === "hsr" ? hsrHue : hues[position], LIGHTEST * (1 - depth))
        : `hsl(${Math.round(position * GOLDEN_ANGLE) % 360}, 45%, ${Math.round(70 - 25 * depth)}%)`,
    );
  }
  return colors;
}

/** A colour with a share of white. */
function mixed(color: Rgb, share: number): string {
  return `rgb(${color.map((part, i) => Math.round(part + share * (white[i] - part))).join(",")})`;
}

/** One colour a class. */
export function classColors(count: number): string[] {
  return Array.from({ length: count }, (_, k) =>
    k < classHues.length ? mixed(classHues[k], 0) : `hsl(${Math.round(k * GOLDEN_ANGLE) % 360}, 45%, 50%)`,
  );
}
