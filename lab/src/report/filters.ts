import {
  heavyBall,
  hessianUsam,
  nesterov,
  type Optimizer,
  objectiveOf,
  penaltySam,
  sgd,
  stableSpectrum,
  twoStepUsam,
  usam,
} from "flatward";
import { type MethodName, methods } from "../experiment/methods.js";
import { measuresOf } from "../sweep/description.js";
import type { CellResult, SweepResults } from "../sweep/results.js";

/** One optimizer's runs against its filter, over all learning rates and radii. */
export interface FilterRow {
  readonly method: string;
  readonly runs: number;
  readonly converged: number;
  readonly diverged: number;
  /** Converged runs with an eigenvalue outside the filter. */
  readonly outside: number;
  /** Largest λ_max/edge of a converged run. */
  readonly closest: number;
}

/** Whether a sweep held spectra against filters. */
export function hasFilters({ description }: Pick<SweepResults, "description">): boolean {
  return ["edgeShare", "outsideFilter"].every((id) => measuresOf(description).includes(id));
}

export function filterRows({ problems }: SweepResults): FilterRow[] {
  const byMethod = new Map<MethodName, CellResult[]>();
  for (const { groups } of problems)
    for (const { family, cells } of groups) byMethod.set(family, [...(byMethod.get(family) ?? []), ...cells]);
  return [...byMethod].map(([family, cells]) => {
    const converged = cells.filter(({ status }) => status === "converged");
    return {
      method: methods[family].label,
      runs: cells.length,
      converged: converged.length,
      diverged: cells.filter(({ status }) => status === "non-finite").length,
      outside: converged.filter(({ measures }) => measures.outsideFilter > 0).length,
      closest: Math.max(...converged.map(({ measures }) => measures.edgeShare)),
    };
  });
}

/** What came out, in one sentence. */
export function filterFinding(results: SweepResults): string {
  const rows = filterRows(results);
  const total = (pick: (row: FilterRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const [runs, converged, diverged, outside] = [
    total((row) => row.runs),
    total((row) => row.converged),
    total((row) => row.diverged),
    total((row) => row.outside),
  ];
  return `Of ${runs} runs ${converged} converged, and ${outside === 0 ? "none" : outside} of these lies outside its optimizer's filter; ${diverged} diverged, and ${runs - converged - diverged} had not converged when their steps ran out.`;
}

/** A filter's edge from its formula, and where the iteration itself stops being stable. */
export interface EdgeRow {
  readonly optimizer: string;
  readonly filter: string;
  readonly predicted: number;
  readonly found: number;
}

/** The filters on quadratics ½λx², exactly: at α = 0.1, β = 0.9, ρ = 0.05. */
export function quadraticEdges(): EdgeRow[] {
  const [learningRate, momentum, radius] = [0.1, 0.9, 0.05];
  const optimizers: [string, Optimizer][] = [
    ["gradient descent", sgd({ learningRate })],
    ["heavy ball", heavyBall({ learningRate, momentum })],
    ["Nesterov", nesterov({ learningRate, momentum })],
    ["USAM", usam({ learningRate, radius })],
    ["two-step USAM", twoStepUsam({ learningRate, radius })],
    ["Hessian USAM", hessianUsam({ learningRate, radius })],
    ["penalty SAM", penaltySam({ learningRate, radius })],
  ];
  return optimizers.map(([name, optimizer]) => {
    const intervals = stableSpectrum(optimizer);
    const predicted = intervals[intervals.length - 1].upper;
    return {
      optimizer: name,
      filter: intervals
        .map(({ lower, upper }) =>
          lower === upper ? `{${lower.toFixed(2)}}` : `[${lower.toFixed(2)}, ${upper.toFixed(2)}]`,
        )
        .join(" ∪ "),
      predicted,
      found: findEdge(optimizer, 3 * predicted),
    };
  });
}

/** Steps after which growth and decay are told apart. */
const STEPS = 40_000;

/** By bisection: the largest λ from 0 up at which the iterates on ½λx² do not grow. */
function findEdge(optimizer: Optimizer, beyond: number): number {
  let [stable, unstable] = [0, beyond];
  for (let i = 0; i < 50; i++) {
    const middle = 0.5 * (stable + unstable);
    if (grows(optimizer, middle)) unstable = middle;
    else stable = middle;
  }
  return stable;
}

function grows(optimizer: Optimizer, lambda: number): boolean {
  const objective = objectiveOf(
    1,
    ([x]) => ({ value: 0.5 * lambda * x * x, gradient: Float64Array.of(lambda * x) }),
    { hessianVectorProduct: (_, [v]) => Float64Array.of(lambda * v) },
  );
  let theta: Float64Array = Float64Array.of(1);
  let state = optimizer.initialState(1);
  for (let step = 0; step < STEPS; step++) {
    ({ theta, state } = optimizer.step(objective, theta, state));
    if (Math.abs(theta[0]) > 1e6) return true;
    if (Math.abs(theta[0]) < 1e-12) return false;
  }
  return Math.abs(theta[0]) > 10;
}
