import type { Group } from "../sweep/groups.js";

/** Hues that stay apart for colour-blind readers (Okabe & Ito 2008), on white and on black. */
const baselineColors = [
  ...["#8a8a8a", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#b59f00", "#44aa99", "#882255"],
  ...["#999933", "#aa4499", "#117733", "#dd6677"],
];

/** A ramp for methods that differ in strength alone: light to deep blue. */
const rampEnds = [
  [126, 187, 232],
  [38, 92, 196],
] as const;

/** One colour a method: a ramp within a family of several, fixed hues for the others. */
export function methodColors(methods: readonly Pick<Group, "id" | "family">[]): Map<string, string> {
  const colors = new Map<string, string>();
  let next = 0;
  for (const { id, family } of methods) {
    const members = methods.filter((method) => method.family === family);
    if (family === "hsr" || members.length > 1) {
      const rank = members.findIndex((method) => method.id === id);
      colors.set(id, mixRamp(members.length > 1 ? rank / (members.length - 1) : 0.6));
    } else {
      colors.set(id, baselineColors[next++ % baselineColors.length]);
    }
  }
  return colors;
}

function mixRamp(t: number): string {
  const [from, to] = rampEnds;
  return `rgb(${from.map((start, i) => Math.round(start + t * (to[i] - start))).join(",")})`;
}
