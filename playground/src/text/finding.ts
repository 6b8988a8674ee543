import type { Snapshot } from "../engine/api.js";
import { methods } from "../settings/methods.js";
import type { Settings } from "../settings/settings.js";
import { count, number, percent } from "./numbers.js";

/** Nearer to each other than by this factor, two eigenvalues are as good as equal. */
const SAME = 1.05;

/** A piece of a sentence: words, words that matter, or λ_max. */
export type Piece = string | { readonly strong: string } | { readonly lambda: "max" };

const lambdaMax = { lambda: "max" } as const;

/** How the steepest direction compares: `5.9 times flatter`. */
export function comparison(plain: number, other: number): string {
  if (!(plain > 0 && other > 0)) return "not to be compared";
  const ratio = plain / other;
  if (ratio > SAME) return `${number(ratio, 2)} times flatter`;
  if (ratio < 1 / SAME) return `${number(1 / ratio, 2)} times sharper`;
  return "as steep";
}

/** What the page shows, in one sentence and a second one on samples that were not trained on. */
export function finding(
  { method, strength }: Pick<Settings, "method" | "strength">,
  [plain, other]: readonly [Snapshot, Snapshot],
  testSamples: number,
): readonly Piece[] {
  const [sharp, flat] = [plain, other].map(({ values }) => values[values.length - 1]);
  return [
    "Same data, same start, ",
    { strong: count(plain.step) },
    ` steps each: under ${methods[method].title} ${strength} the steepest direction is `,
    { strong: comparison(sharp, flat) },
    " (",
    lambdaMax,
    ` ${number(flat)} against ${number(sharp)}), at a training loss of ${number(other.loss)} against ${number(plain.loss)}. Of ${testSamples} fresh samples it gets ${percent(other.accuracy)} right, against ${percent(plain.accuracy)}.`,
  ];
}

/** The same as plain text. */
export function plainText(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (typeof piece === "string" ? piece : "strong" in piece ? piece.strong : "λ_max"))
    .join("");
}
