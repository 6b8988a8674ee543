import type { Summary } from "../../experiment/measures/statistics.js";
import { fixed, formatNumber } from "../../report/format.js";
import type { SweepResults } from "../../sweep/results.js";
import { gapCorrelations, shortLabelOf } from "./framework.js";
import { type Variant, variantsOf } from "./variants.js";

/** What normalizations and shortcuts did, a sentence for each network that has them. */
export function variantFindings(results: SweepResults): string[] {
  const byNetwork = new Map<string, Variant[]>();
  for (const variant of variantsOf(results)) {
    if ((variant.ratios.lambdaMax?.n ?? 0) < variant.group.planned) continue;
    const { label } = variant.problem;
    byNetwork.set(label, [...(byNetwork.get(label) ?? []), variant]);
  }
  return [...byNetwork].map(([label, variants]) => {
    const named = variants
      .filter(({ ratios }) => Number.isFinite(ratios.lambdaMax?.mean))
      .map(({ group, ratios }) => `${shortLabelOf(group)} ${times(ratios.lambdaMax)}`);
    const [sharper, all] = sharperOf(variants, "lambdaMax");
    const [stiffer, known] = sharperOf(variants, "normalizedSharpness");
    const normalized =
      known === 0
        ? ""
        : ` By normalized sharpness, which rescaling does not change, they are ${verdict(stiffer, known)}.`;
    return `${capital(label)} made minima ${verdict(sharper, all)} by λ_max (${named.join(", ")} that of ${variants[0].plain.label}).${normalized}`;
  });
}

/** In how many of the variants a measure is larger than without, and in how many it is known. */
function sharperOf(variants: readonly Variant[], id: string): [sharper: number, known: number] {
  const ratios = variants.map(({ ratios }) => ratios[id]?.mean ?? Number.NaN).filter(Number.isFinite);
  return [ratios.filter((ratio) => ratio > 1).length, ratios.length];
}

/** `sharper in all three`, `flatter in all three`, `sharper in 2 of 3`. */
function verdict(sharper: number, all: number): string {
  if (sharper === all || sharper === 0)
    return `${sharper > 0 ? "sharper" : "flatter"} in ${all === 1 ? "the one case" : `all ${numeral(all)}`}`;
  return `sharper in ${sharper} of ${all}`;
}

function times(ratio: Summary | undefined): string {
  return `${formatNumber(ratio?.mean ?? Number.NaN, 2)}×`;
}

function numeral(count: number): string {
  return ["", "", "two", "three", "four", "five", "six"][count] ?? `${count}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The least number of runs for a correlation. */
export const FEWEST = 4;

/** Which measure goes best with the generalization gap, and whether that is more than the networks' and methods' doing. */
export function gapFindings({ problems }: SweepResults): string[] {
  const known = gapCorrelations(problems).filter(
    ({ spearman }) => spearman.n >= FEWEST && Number.isFinite(spearman.value),
  );
  const [best] = [...known].sort((a, b) => Math.abs(b.spearman.value) - Math.abs(a.spearman.value));
  if (best === undefined) return [];
  const { measure, spearman, within } = best;
  const rest = Number.isFinite(within.value)
    ? `; within one network and method, ${fixed(within.value, 2)}`
    : "";
  return [
    `Of ${known.length} measures, ${measure.label} goes best with the generalization gap: rank correlation ${fixed(spearman.value, 2)} over ${spearman.n} runs${rest}.`,
  ];
}
