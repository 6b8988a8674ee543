import { hasDiverged } from "../../experiment/status.js";
import { counted, formatNumber } from "../../report/format.js";
import { comparisonsOf, hsrOf, type RivalComparison, sideOf } from "./comparisons.js";
import { only, type ProblemOutcome } from "./results.js";
import { alike } from "./tables.js";

/** What came of it, in a sentence. */
export function rivalFinding(outcomes: readonly ProblemOutcome[]): string {
  const parts = (["time", "gradients"] as const).flatMap((budget) => {
    const all = outcomes.flatMap(({ comparisons }) =>
      comparisons
        .filter((one) => one.budget === budget)
        .flatMap(({ results }) => comparisonsOf(only(results))),
    );
    const on = (side: -1 | 0 | 1) => all.filter(({ by }) => sideOf(by.lambdaMax, 1) === side).length;
    if (all.length === 0) return [];
    const text = `${alike[budget]} HSR ends flatter in ${on(-1)} of ${counted(all.length, "comparison")} with rivals at their best, less flat in ${on(1)}`;
    return [text];
  });
  return `${capital(parts.join(", "))}${parts.length > 0 ? "; " : ""}${blownUp(outcomes)}`;
}

/** What came of a problem, a sentence a budget. */
export function problemFindings(outcome: ProblemOutcome): string[] {
  return outcome.comparisons
    .map(({ budget }) => problemFinding(outcome, budget))
    .filter((sentence) => sentence !== undefined);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function problemFinding(
  { label, comparisons }: ProblemOutcome,
  budget: "time" | "gradients",
): string | undefined {
  const found = comparisons.find((one) => one.budget === budget);
  const problem = found && only(found.results);
  const hsr = problem && hsrOf(problem);
  if (problem === undefined || hsr === undefined) return undefined;
  const all = comparisonsOf(problem);
  if (all.length === 0 || all.every(({ by }) => by.lambdaMax.interval === null)) return undefined;
  const on = (side: -1 | 0 | 1) => all.filter(({ by }) => sideOf(by.lambdaMax, 1) === side);
  const [flatter, sharper, unclear] = [on(-1), on(1), on(0)];
  const dearer = flatter.filter(({ by }) => sideOf(by.trainLoss, 1) === 1);
  const parts = [
    flatter.length === 0
      ? "than none of its rivals"
      : `than ${flatter.length === all.length ? `all ${counted(all.length, "rival")}` : `${flatter.length} of ${counted(all.length, "rival")}`}${timesText(flatter)}`,
    ...(dearer.length > 0
      ? [`at a higher training loss than ${names(dearer)} of these`]
      : flatter.length > 0
        ? ["at no clearly higher training loss"]
        : []),
    ...(sharper.length > 0 ? [`less flat than ${names(sharper)}`] : []),
    ...(unclear.length > 0 ? [`not clearly apart from ${names(unclear)}`] : []),
  ];
  return `${label}, ${alike[budget]}: HSR ends flatter ${parts.join("; ")} (λ_max ${formatNumber(hsr.summary.lambdaMax.mean)}, ${counted(hsr.cells.length, "seed")}).`;
}

/** By how much: `, by 1.5 (SAM) to 8 times (gradient descent)`. */
function timesText(flatter: readonly RivalComparison[]): string {
  const ordered = [...flatter].sort((a, b) => b.by.lambdaMax.mean - a.by.lambdaMax.mean);
  const text = ({ rival, by }: RivalComparison) =>
    `${formatNumber(1 / by.lambdaMax.mean, 2)} times (${rival.label})`;
  const [least, most] = [ordered[0], ordered[ordered.length - 1]];
  return least === most ? `, by ${text(least)}` : `, by ${text(least)} to ${text(most)}`;
}

function names(comparisons: readonly RivalComparison[]): string {
  return comparisons.map(({ rival }) => rival.label).join(", ");
}

function blownUp(outcomes: readonly ProblemOutcome[]): string {
  const groups = outcomes.flatMap(({ tuning, comparisons }) =>
    [tuning, ...comparisons.map(({ results }) => results)].flatMap((results) => only(results).groups),
  );
  const runs = groups.flatMap(({ cells }) => cells);
  const diverged = groups.filter(({ cells }) => cells.some(hasDiverged));
  const count = runs.filter(hasDiverged).length;
  const whose = [...new Set(diverged.map(({ label }) => label))].join(", ");
  return `${count} of ${counted(runs.length, "run")} blew up${count > 0 ? `: ${whose}` : ""}.`;
}
