// Independent: differences of values know nothing of derivative rules. One tolerance would prove little; what is
// asked is that the remainder quarters when the step halves, down to rounding, and that extrapolation meets the
// derivative there.

import { euclidean, largest } from "./compare.js";

export interface DerivativeClaim {
  /** The function, of n numbers to m. */
  readonly f: (theta: Float64Array) => ArrayLike<number>;
  readonly at: Float64Array;
  /** Its claimed Jacobian: column j is ∂f/∂θ_j (m). */
  readonly column: (j: number) => ArrayLike<number>;
  /** How entry i of f and parameter j are called in a report. */
  readonly name?: (i: number, j: number) => string;
  /** The first step; halved four times. Default 2⁻⁷: the fourth-order term is small there, rounding far away. */
  readonly step?: number;
  /** Rounding errors of f as a multiple of ε·(its size). Default 64, for sums over some dozen samples. */
  readonly roundings?: number;
  /** The size of the terms that f sums, where they may cancel. Default 0: then max|f| is its size. */
  readonly terms?: number;
}

const HALVINGS = 4;

/** θ + δ e_j, in new memory. */
function shifted(theta: Float64Array, j: number, delta: number): Float64Array {
  const out = theta.slice();
  out[j] += delta;
  return out;
}

/** The central differences of one step, an m-vector per parameter. */
function centralDifferences({ f, at }: DerivativeClaim, step: number) {
  let scale = 0;
  const columns = Array.from(at, (_, j) => {
    const up = f(shifted(at, j, step));
    const down = f(shifted(at, j, -step));
    scale = Math.max(scale, largest(up), largest(down));
    // (θ + δ) − (θ − δ) as it was rounded, so that representable steps are all that is divided by.
    const width = at[j] + step - (at[j] - step);
    return Float64Array.from(up, (value, i) => (value - down[i]) / width);
  });
  return { columns, scale };
}

/** The remainders ‖D(δ) − J‖ of every step, with the part of them that rounding explains. */
export interface Convergence {
  readonly steps: number[];
  readonly remainders: number[];
  readonly noise: number[];
  /** log₂ of the quotients of neighbouring remainders that exceed rounding. */
  readonly slopes: number[];
}

export interface DerivativeReport extends Convergence {
  /** What is wrong, in sentences; empty when the claim stands. */
  readonly complaints: string[];
}

/** Compares a claimed Jacobian with central differences of five steps. */
export function examineDerivative(claim: DerivativeClaim): DerivativeReport {
  const { at, column, step = 2 ** -7, roundings = 64, terms = 0, name = (i, j) => `[${i},${j}]` } = claim;
  const steps = Array.from({ length: HALVINGS + 1 }, (_, k) => step / 2 ** k);
  const runs = steps.map((delta) => centralDifferences(claim, delta));
  const claimed = Array.from(at, (_, j) => Float64Array.from(column(j)));
  const scale = Math.max(terms, ...runs.map((run) => run.scale));
  const entries = Math.sqrt(at.length * (claimed[0]?.length ?? 0));
  const noise = steps.map((delta) => (roundings * Number.EPSILON * scale * entries) / delta);
  const remainders = runs.map(({ columns }) =>
    euclidean(
      columns.map((differences, j) => euclidean(differences.map((value, i) => value - claimed[j][i]))),
    ),
  );

  const slopes: number[] = [];
  for (let k = 0; k < HALVINGS; k++) {
    if (remainders[k + 1] > 4 * noise[k + 1]) slopes.push(Math.log2(remainders[k] / remainders[k + 1]));
  }
  const complaints: string[] = [];
  if (remainders.some((remainder) => !Number.isFinite(remainder)))
    complaints.push("a remainder is not finite");
  if (slopes.some((slope) => !(Math.abs(slope - 2) <= 0.1))) {
    complaints.push(
      `halving the step should quarter the remainder, but its slopes are ${slopes.map((s) => s.toFixed(2)).join(", ")} ` +
        `(remainders ${remainders.map((r) => r.toExponential(2)).join(", ")})`,
    );
  }
  complaints.push(...extrapolationComplaints(runs, claimed, noise, name));
  return { steps, remainders, noise, slopes, complaints };
}

/** Romberg's table cancels δ², δ⁴ and δ⁶; what it leaves must be the derivative itself. */
function extrapolationComplaints(
  runs: readonly { columns: Float64Array[] }[],
  claimed: readonly Float64Array[],
  noise: readonly number[],
  name: (i: number, j: number) => string,
): string[] {
  const magnitude = Math.max(...claimed.map(largest), ...runs[0].columns.map(largest), 0);
  const tolerance = 2e-10 * magnitude + 1 * noise[noise.length - 1];
  const wrong: { by: number; text: string }[] = [];
  claimed.forEach((column, j) => {
    column.forEach((value, i) => {
      const best = romberg(runs.map((run) => run.columns[j][i]));
      const by = Math.abs(best - value);
      if (by <= tolerance) return;
      const ratio = (value / best).toPrecision(8);
      wrong.push({ by, text: `${name(i, j)}: ${value} vs ${best} by differences, ratio ${ratio}` });
    });
  });
  return wrong
    .sort((a, b) => b.by - a.by)
    .slice(0, 5)
    .map(({ text }) => text);
}

/** The extrapolation to step 0 of values whose errors are a series in the square of the step, halved each time. */
export function romberg(values: readonly number[], orders = 3): number {
  let row = [...values];
  for (let order = 1, power = 4; order <= orders && row.length > 1; order++, power *= 4) {
    row = row.slice(1).map((finer, k) => finer + (finer - row[k]) / (power - 1));
  }
  return row[row.length - 1];
}

/**
 * Requires the claim to stand, and the slope to have been seen at least twice unless `exact` says that differences of
 * any step are exact.
 * @throws Error that lists the mismatches, worst first
 */
export function assertDerivative(claim: DerivativeClaim, exact = false): void {
  const { complaints, slopes, remainders } = examineDerivative(claim);
  if (!exact && slopes.length < 2) {
    complaints.push(`no slope was seen: the remainders ${remainders.join(", ")} are all rounding`);
  }
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
}
