import { counted, formatNumber } from "../../../report/format.js";
import type { Fact } from "../../../report/parts.js";
import type { ExplainResult } from "../analyze.js";
import { percent } from "../finding.js";

/** Facts for the page and the terminal before any table. */
export function explainFacts({ parameters, samples, value, lambdaMax }: ExplainResult): Fact[] {
  const negative = samples.filter(({ share }) => share < 0);
  const taken = negative.reduce((sum, { share }) => sum + share, 0);
  return [
    ["parameters", String(parameters)],
    ["samples", String(samples.length)],
    ["the bound", `${formatNumber(value, 6)}  (Wolkowicz–Styan's on λ_max)`],
    ["λ_max", `${formatNumber(lambdaMax, 6)}  (Lanczos)`],
    [
      "negative",
      negative.length === 0
        ? "no share"
        : `${counted(negative.length, "sample")}, ${percent(taken / value)} together`,
    ],
  ];
}
