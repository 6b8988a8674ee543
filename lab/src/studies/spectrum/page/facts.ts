import { measures } from "../../../experiment/measures/measures.js";
import { formatNumber, formatSummary } from "../../../report/format.js";
import type { Fact } from "../../../report/parts.js";
import type { SpectrumResult } from "../analyze.js";

/** Facts for the page and the terminal before any table. */
export function spectrumFacts(result: SpectrumResult): Fact[] {
  const { parameters, point, dense, extremes, stableRank, traces } = result;
  const fit = measures
    .filter(({ id }) => id in point.fit)
    .map(({ id, label, format }): Fact => {
      const summary = { mean: point.fit[id], deviation: 0, n: 1, interval: null };
      return [label, formatSummary(summary, format)];
    });
  const by = dense
    ? "all eigenvalues of H"
    : `Lanczos, residual ${formatNumber(extremes.largest[0].residual)}`;
  return [
    ["parameters", String(parameters)],
    ...fit,
    ["λ_max", `${formatNumber(result.lambdaMax, 6)}  (${by})`],
    ["λ_min", formatNumber(result.lambdaMin, 6)],
    ["negative", negativeText(result)],
    ...rankFact(result),
    ["stable rank", `${formatNumber(stableRank)}  (tr H²/max λ²${traces.exact ? "" : ", estimated"})`],
    ["the point", pointText(result)],
  ];
}

function rankFact({ dense, rankBound, threshold }: SpectrumResult): Fact[] {
  const parts = [
    ...(dense ? [`${dense.effectiveRank} eigenvalues beyond ±${threshold} · max |λ|`] : []),
    ...(rankBound === undefined ? [] : [dense ? `H has at most rank ${rankBound}` : `at most ${rankBound}`]),
  ];
  return parts.length === 0 ? [] : [["rank", parts.join("; ")]];
}

function negativeText({ parameters, negative, dense, threshold }: SpectrumResult): string {
  const count = dense ? `${negative} of ${parameters}` : `at least ${negative} of ${parameters}`;
  return `${count} eigenvalues below −${threshold} · max |λ|`;
}

/** Whether it is a minimum. */
function pointText({ point: { kind, predictedDecrease }, dense }: SpectrumResult): string {
  const step = `a gradient step of length 1/max |λ| would take ${formatNumber(predictedDecrease)} or more from the loss`;
  if (kind === "slope") return `no stationary point: ${step}`;
  if (kind === "saddle") return `stationary, and a saddle: there are negative eigenvalues; ${step}`;
  return `stationary, and no eigenvalue ${dense ? "is" : "found is"} negative: a minimum to second order; ${step}`;
}

/** What the spectrum shows, in one sentence drawn from its numbers. */
export function spectrumFinding({ lambdaMax, lambdaMin, dense, bounds, parameters }: SpectrumResult): string {
  const range = `The ${parameters} eigenvalues lie between ${formatNumber(lambdaMin)} and ${formatNumber(lambdaMax)}${dense ? "" : " (Lanczos)"}.`;
  if (bounds === undefined) return range;
  const { upper } = bounds.tightest;
  const tightest = bounds.bounds.find(({ name }) => name === upper);
  const ratio = tightest?.upperRatio;
  if (ratio === undefined) return `${range} λ_max is not positive, so that no bound has a ratio to it.`;
  const closed = bounds.bounds.filter(({ cost }) => cost === "closed form");
  const [best] = [...closed].sort((a, b) => a.upper - b.upper);
  const others =
    best === undefined || best.name === upper
      ? ""
      : `, and of those that need no H, ${best.name}, ${formatNumber(best.upper / lambdaMax, 6)} times`;
  return `${range} The tightest upper bound on λ_max, ${upper}, is ${formatNumber(ratio, 6)} times λ_max${others}.`;
}
