import type { ProblemResult, SweepResults } from "../../sweep/results.js";

/** What came of a problem, as far as it has come. */
export interface ProblemOutcome {
  readonly label: string;
  readonly tuning: SweepResults;
  /** At equal time, then at equal gradients. */
  readonly comparisons: readonly {
    readonly budget: "time" | "gradients";
    readonly results: SweepResults;
  }[];
}

/** The only problem of a sweep. */
export function only({ problems }: SweepResults): ProblemResult {
  return problems[0];
}
