import { measures } from "../../../experiment/measures/measures.js";
import { fixed, formatNumber, formatSummary } from "../../../report/format.js";
import type { Fact } from "../../../report/parts.js";
import type { SpectrumResult } from "../analyze.js";
import type { ComparedBound } from "../bounds.js";
import { boundLabel } from "./tables.js";

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

/** What the spectrum shows, in two sentences drawn from its numbers. */
export function spectrumFinding({ lambdaMax, lambdaMin, dense, bounds, parameters }: SpectrumResult): string {
  const range = `λ_max is ${formatNumber(lambdaMax)}, and the smallest of the ${parameters} eigenvalues ${formatNumber(lambdaMin)}${dense ? "" : " (by Lanczos)"}.`;
  if (bounds === undefined) return range;
  if (!(lambdaMax > 0)) return `${range} As λ_max is not positive, no bound has a ratio to it.`;
  const best = (cost: ComparedBound["cost"]) =>
    bounds.bounds.filter((bound) => bound.cost === cost).sort((a, b) => a.upper - b.upper)[0];
  const closed = best("closed form");
  const whole = best("needs H");
  const parts = [
    ...(closed === undefined
      ? []
      : [`the best bound from traces alone (${boundLabel(closed.name)}) is ${excess(closed, lambdaMax)}`]),
    ...(whole === undefined
      ? []
      : [`the best that needs H itself (${boundLabel(whole.name)}) is ${excess(whole, lambdaMax)}`]),
  ];
  return `${range} ${capital(parts.join("; "))}.`;
}

/** `1.4 % above it`, or `2.31 times as large`. */
function excess({ upper }: ComparedBound, lambdaMax: number): string {
  const ratio = upper / lambdaMax;
  if (ratio >= TWICE) return `${formatNumber(ratio)} times as large`;
  const percent = 100 * (ratio - 1);
  return percent < NEGLIGIBLE ? "equal to it" : `${fixed(percent, percent < 1 ? 2 : 1)} % above it`;
}

/** From there on factors are easier to read than per cent. */
const TWICE = 2;
/** Per cent. */
const NEGLIGIBLE = 0.005;

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
