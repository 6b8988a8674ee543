import { checks, factsOf } from "./checks.js";
import type { Problem } from "./problem.js";

/** One check over all problems. */
export interface Verdict {
  readonly quantity: string;
  readonly oracle: string;
  readonly budget: number;
  readonly worst: number;
  readonly median: number;
  /** The problem that gave the worst difference. */
  readonly worstCase: string;
  readonly passed: boolean;
}

export interface Verification {
  readonly cases: number;
  readonly passed: boolean;
  readonly verdicts: readonly Verdict[];
}

/** Compares every closed form with every oracle on all problems. `onCase` is called after each. */
export function verify(problems: Iterable<Problem>, onCase: () => void = () => {}): Verification {
  const differences = checks.map((): { name: string; difference: number }[] => []);
  let cases = 0;
  for (const problem of problems) {
    const facts = factsOf(problem);
    checks.forEach((check, index) => {
      differences[index].push({ name: problem.name, difference: check.compare(facts) });
    });
    cases++;
    onCase();
  }
  const verdicts = checks.map(({ quantity, oracle, budget }, index): Verdict => {
    // What is not a number is worse than any number.
    const rank = (difference: number) => (Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
    const sorted = [...differences[index]].sort((a, b) => rank(a.difference) - rank(b.difference));
    const worst = sorted[sorted.length - 1];
    const median = sorted[(sorted.length - 1) >> 1].difference;
    return {
      quantity,
      oracle,
      budget,
      worst: worst.difference,
      median,
      worstCase: worst.name,
      passed: worst.difference <= budget,
    };
  });
  return { cases, passed: verdicts.every((verdict) => verdict.passed), verdicts };
}
